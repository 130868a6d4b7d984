async fn paid(_: ::auth_runtime::Guard<__paid_policy>) {}
#[doc(hidden)]
struct __paid_policy;
impl ::auth_runtime::HasPolicy for __paid_policy {
    const POLICY: ::auth_runtime::Policy = ::auth_runtime::Policy::protected(
            ::core::concat!(::core::module_path!(), "::", "paid"),
        )
        .with_rule(::auth_runtime::policy::Rule::scope("payments:write"))
        .with_csrf_exemption("signed by the payment provider");
    type Checks = ();
}
