fn owns_post() -> bool {
    true
}
::core::compile_error! {
    "the check `owns_post` is not async [AUTH121]\nhelp: write `async fn owns_post`"
}
#[doc(hidden)]
mod __owns_post_check {
    #[allow(non_camel_case_types, unreachable_pub, missing_debug_implementations)]
    pub enum owns_post {}
}
#[doc(hidden)]
#[allow(non_camel_case_types)]
type owns_post = __owns_post_check::owns_post;
#[automatically_derived]
impl<__S> renamed::__private::Check<__S> for __owns_post_check::owns_post {
    fn run(
        _: &mut renamed::__private::Parts,
        _: &__S,
    ) -> impl ::core::future::Future<
        Output = ::core::result::Result<
            ::core::primitive::bool,
            renamed::__private::CheckRejection,
        >,
    > + ::core::marker::Send {
        ::core::future::ready(::core::result::Result::Ok(false))
    }
}
