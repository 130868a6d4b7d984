fn owns_post() -> bool {
    true
}
::core::compile_error! {
    "the check `owns_post` is not async [AUTH121]\nhelp: write `async fn`"
}
#[doc(hidden)]
mod __owns_post {
    pub enum owns_post {}
}
#[doc(hidden)]
type owns_post = __owns_post::owns_post;
#[automatically_derived]
impl<__AuthRuntimeState> renamed::__private::Check<__AuthRuntimeState>
for __owns_post::owns_post {
    fn run(
        _: &mut renamed::__private::Parts,
        _: &__AuthRuntimeState,
    ) -> impl ::core::future::Future<
        Output = ::core::result::Result<
            ::core::primitive::bool,
            renamed::__private::CheckRejection,
        >,
    > + ::core::marker::Send {
        ::core::future::ready(::core::result::Result::Ok(false))
    }
}
