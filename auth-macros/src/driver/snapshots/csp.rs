async fn charts(_: ::auth_runtime::Guard<__charts_policy>) {}
#[doc(hidden)]
struct __charts_policy;
impl ::auth_runtime::HasPolicy for __charts_policy {
    const POLICY: ::auth_runtime::Policy = ::auth_runtime::Policy::public(
            ::core::concat!(::core::module_path!(), "::", "charts"),
        )
        .with_csp(
            &::auth_runtime::policy::CspOverride::new(
                    &[
                        ::auth_runtime::policy::CspDirective::new(
                            "img-src",
                            &["'self'", "https://images.example.com", "data:"],
                        ),
                        ::auth_runtime::policy::CspDirective::new(
                            "script-src",
                            &["'nonce'", "'unsafe-eval'"],
                        ),
                        ::auth_runtime::policy::CspDirective::new(
                            "frame-ancestors",
                            &[],
                        ),
                        ::auth_runtime::policy::CspDirective::new("sandbox", &[]),
                    ],
                )
                .with_reason("the charts compile their templates"),
        );
    type Checks = ();
}
