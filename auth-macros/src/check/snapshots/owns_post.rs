#[allow(clippy::unused_async)]
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
mod __owns_post {
    pub enum owns_post {}
}
#[doc(hidden)]
pub(crate) type owns_post = __owns_post::owns_post;
const _: () = {
    const _: () = {
        use ::auth_runtime::__private::Blanket as _;
        if ::auth_runtime::__private::Probe::<Identity>::IS_PLAIN {
            ::core::panic!(
                "{}",
                "the check `owns_post` takes a `Identity`, which is no extractor [AUTH154]\nhelp: name the part of the request that holds it: `Path(id): Path<Identity>` for the route `/{id}`, or `Query(..)`\nnote: the guard calls the check with the request"
            )
        }
        if ::auth_runtime::__private::Probe::<Identity>::READS_BODY
            && !::auth_runtime::__private::Probe::<Identity>::READS_PARTS
        {
            ::core::panic!(
                "{}",
                "the check `owns_post` reads the request's body [AUTH125]\nhelp: take what stands in the request's head, such as `Identity`, `Path<..>`, `Query<..>` or `State<..>`\nnote: the body can be read once, and it is the handler's"
            )
        }
    };
    const _: () = {
        use ::auth_runtime::__private::Blanket as _;
        if ::auth_runtime::__private::Probe::<Path<HashMap<u8, u8>>>::READS_BODY
            && !::auth_runtime::__private::Probe::<Path<HashMap<u8, u8>>>::READS_PARTS
        {
            ::core::panic!(
                "{}",
                "the check `owns_post` reads the request's body [AUTH125]\nhelp: take what stands in the request's head, such as `Identity`, `Path<..>`, `Query<..>` or `State<..>`\nnote: the body can be read once, and it is the handler's"
            )
        }
    };
    #[automatically_derived]
    impl ::auth_runtime::__private::CheckPaths for __owns_post::owns_post {
        const PATHS: &'static [::core::option::Option<
            ::auth_runtime::__private::PathFit,
        >] = {
            use ::auth_runtime::__private::Blanket as _;
            &[
                ::auth_runtime::__private::Probe::<Identity>::PATH,
                ::auth_runtime::__private::Probe::<Path<HashMap<u8, u8>>>::PATH,
            ]
        };
        const NEEDS_COOKIE: ::core::primitive::bool = {
            use ::auth_runtime::__private::Blanket as _;
            false || ::auth_runtime::__private::Probe::<Identity>::NEEDS_COOKIE
                || ::auth_runtime::__private::Probe::<
                    Path<HashMap<u8, u8>>,
                >::NEEDS_COOKIE
        };
    }
    #[automatically_derived]
    impl<__AuthRuntimeState> ::auth_runtime::__private::Check<__AuthRuntimeState>
    for __owns_post::owns_post
    where
        __AuthRuntimeState: ::core::marker::Send + ::core::marker::Sync,
        Identity: ::auth_runtime::__private::FromRequestParts<__AuthRuntimeState>,
        Path<
            HashMap<u8, u8>,
        >: ::auth_runtime::__private::FromRequestParts<__AuthRuntimeState>,
    {
        async fn run(
            __auth_runtime_parts: &mut ::auth_runtime::__private::Parts,
            __auth_runtime_state: &__AuthRuntimeState,
        ) -> ::core::result::Result<
            ::core::primitive::bool,
            ::auth_runtime::__private::CheckRejection,
        > {
            let __auth_runtime_argument_0 = match <Identity as ::auth_runtime::__private::FromRequestParts<
                __AuthRuntimeState,
            >>::from_request_parts(__auth_runtime_parts, __auth_runtime_state)
                .await
            {
                ::core::result::Result::Ok(__auth_runtime_argument) => {
                    __auth_runtime_argument
                }
                ::core::result::Result::Err(__auth_runtime_rejection) => {
                    return ::core::result::Result::Err(
                        ::auth_runtime::__private::CheckRejection::argument(
                            __auth_runtime_rejection,
                        ),
                    );
                }
            };
            let __auth_runtime_argument_1 = match <Path<
                HashMap<u8, u8>,
            > as ::auth_runtime::__private::FromRequestParts<
                __AuthRuntimeState,
            >>::from_request_parts(__auth_runtime_parts, __auth_runtime_state)
                .await
            {
                ::core::result::Result::Ok(__auth_runtime_argument) => {
                    __auth_runtime_argument
                }
                ::core::result::Result::Err(__auth_runtime_rejection) => {
                    return ::core::result::Result::Err(
                        ::auth_runtime::__private::CheckRejection::argument(
                            __auth_runtime_rejection,
                        ),
                    );
                }
            };
            let __auth_runtime_answer = owns_post(
                    __auth_runtime_argument_0,
                    __auth_runtime_argument_1,
                )
                .await;
            ::auth_runtime::__private::CheckOutcome::outcome(__auth_runtime_answer)
        }
    }
};
