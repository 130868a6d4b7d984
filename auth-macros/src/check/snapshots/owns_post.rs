/// Documented.
#[instrument]
pub(crate) async fn owns_post(
    who: Identity,
    Path(id): Path<HashMap<u8, u8>>,
) -> Result<bool, Error>
where
    String: Clone,
{
    who.owns(id).await
}
#[doc(hidden)]
mod __owns_post_check {
    #[allow(non_camel_case_types, unreachable_pub, missing_debug_implementations)]
    pub enum owns_post {}
}
#[doc(hidden)]
#[allow(non_camel_case_types)]
pub(crate) type owns_post = __owns_post_check::owns_post;
const _: () = {
    const _: () = {
        #[allow(unused_imports)]
        use ::auth_runtime::__private::Blanket as _;
        if ::auth_runtime::__private::Probe::<Identity>::READS_BODY {
            ::core::panic!(
                "the check `owns_post` reads the request's body [AUTH125]\nhelp: take what stands in the request's head, such as `Identity`, `Path<..>`, `Query<..>` or `State<..>`\nnote: the body can be read once, and it is the handler's"
            )
        }
    };
    const _: () = {
        #[allow(unused_imports)]
        use ::auth_runtime::__private::Blanket as _;
        if ::auth_runtime::__private::Probe::<Path<HashMap<u8, u8>>>::READS_BODY {
            ::core::panic!(
                "the check `owns_post` reads the request's body [AUTH125]\nhelp: take what stands in the request's head, such as `Identity`, `Path<..>`, `Query<..>` or `State<..>`\nnote: the body can be read once, and it is the handler's"
            )
        }
    };
    #[automatically_derived]
    #[allow(deprecated, unused_qualifications)]
    impl ::auth_runtime::__private::CheckPaths for __owns_post_check::owns_post {
        const PATHS: &'static [::core::option::Option<
            ::auth_runtime::__private::PathFit,
        >] = {
            #[allow(unused_imports)]
            use ::auth_runtime::__private::Blanket as _;
            &[
                ::auth_runtime::__private::Probe::<Identity>::PATH,
                ::auth_runtime::__private::Probe::<Path<HashMap<u8, u8>>>::PATH,
            ]
        };
    }
    #[automatically_derived]
    #[allow(deprecated, private_bounds, unused_qualifications)]
    impl<__S> ::auth_runtime::__private::Check<__S> for __owns_post_check::owns_post
    where
        __S: ::core::marker::Send + ::core::marker::Sync,
        Identity: ::auth_runtime::__private::FromRequestParts<__S>,
        Path<HashMap<u8, u8>>: ::auth_runtime::__private::FromRequestParts<__S>,
    {
        #[allow(unused_variables)]
        async fn run(
            __parts: &mut ::auth_runtime::__private::Parts,
            __state: &__S,
        ) -> ::core::result::Result<
            ::core::primitive::bool,
            ::auth_runtime::__private::CheckRejection,
        > {
            let __argument_0 = match <Identity as ::auth_runtime::__private::FromRequestParts<
                __S,
            >>::from_request_parts(__parts, __state)
                .await
            {
                ::core::result::Result::Ok(__argument) => __argument,
                ::core::result::Result::Err(__rejection) => {
                    return ::core::result::Result::Err(
                        ::auth_runtime::__private::CheckRejection::argument(__rejection),
                    );
                }
            };
            let __argument_1 = match <Path<
                HashMap<u8, u8>,
            > as ::auth_runtime::__private::FromRequestParts<
                __S,
            >>::from_request_parts(__parts, __state)
                .await
            {
                ::core::result::Result::Ok(__argument) => __argument,
                ::core::result::Result::Err(__rejection) => {
                    return ::core::result::Result::Err(
                        ::auth_runtime::__private::CheckRejection::argument(__rejection),
                    );
                }
            };
            let __answer = owns_post(__argument_0, __argument_1).await;
            ::auth_runtime::__private::CheckOutcome::outcome(__answer)
        }
    }
};
