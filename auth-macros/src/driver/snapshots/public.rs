/// Whether the service is up.
pub async fn health(
    _: ::auth_runtime::Guard<__health_policy>,
    who: Option<Identity>,
    #[cfg(feature = "x")]
    db: State<Db>,
) -> &'static str {
    "ok"
}
#[doc(hidden)]
pub struct __health_policy;
impl ::auth_runtime::HasPolicy for __health_policy {
    const POLICY: ::auth_runtime::Policy = ::auth_runtime::Policy::public(
            ::core::concat!(::core::module_path!(), "::", "health"),
        )
        .with_reason("load balancer probe")
        .with_limits(
            &[
                ::auth_runtime::policy::Limit::in_seconds(
                    100u32,
                    1u32,
                    ::auth_runtime::policy::LimitKey::Address,
                ),
            ],
        );
    type Checks = ();
}
const _: () = {
    use ::auth_runtime::__private::Blanket as _;
    if ::auth_runtime::__private::Probe::<Option<Identity>>::NEEDS_IDENTITY {
        ::core::panic!(
            "{}",
            "a `#[public]` handler takes an identity, which not every caller has [AUTH023]\nhelp: take an `Option<..>` of it, or write `#[protected]`"
        )
    }
};
#[cfg(feature = "x")]
const _: () = {
    use ::auth_runtime::__private::Blanket as _;
    if ::auth_runtime::__private::Probe::<State<Db>>::NEEDS_IDENTITY {
        ::core::panic!(
            "{}",
            "a `#[public]` handler takes an identity, which not every caller has [AUTH023]\nhelp: take an `Option<..>` of it, or write `#[protected]`"
        )
    }
};
