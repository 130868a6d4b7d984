#[allow(clippy::unused_async)]
pub(crate) async fn me(
    _: ::auth_runtime::Guard<__me_policy>,
    user: CurrentUser<Account>,
) -> Json<Profile> {
    user.profile()
}
#[doc(hidden)]
pub(crate) struct __me_policy;
#[allow(clippy::unused_async)]
impl ::auth_runtime::HasPolicy for __me_policy {
    const POLICY: ::auth_runtime::Policy = ::auth_runtime::Policy::protected(
            ::core::concat!(::core::module_path!(), "::", "me"),
        )
        .with_via(
            ::auth_runtime::policy::Via::BEARER.or(::auth_runtime::policy::Via::SESSION),
        )
        .with_max_login_seconds(300u32);
    type Checks = ();
}
