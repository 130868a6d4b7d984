#![deny(warnings)]
#![allow(dead_code)]

use auth_runtime::{authorize, check, csp, csrf_exempt, protected, public, rate_limit, require_role, require_scope};
use auth_tests::demands;
use axum::http::request::Parts;

#[public]
async fn open() {}

#[public(because = "load balancer probe")]
async fn probe() {}

#[protected]
async fn me() {}

#[protected()]
async fn parentheses() {}

#[protected(via(bearer, session, api_key))]
async fn every_credential() {}

#[protected(via(session), fresh = 90 sec)]
async fn recent() {}

#[protected]
#[csrf_exempt(because = "signed by the payment provider")]
async fn exempt() {}

#[require_role("admin")]
async fn role() {}

#[require_role("admin", "editor")]
async fn roles() {}

#[require_scope("orders:read", "orders:write")]
async fn scopes() {}

#[authorize(authenticated)]
async fn known() {}

#[authorize(role("admin", "editor") && authenticated)]
async fn any_role() {}

#[authorize((role("admin")) || scope("posts:write") && !role("guest"))]
async fn tree() {}

#[check]
async fn owns_post() -> bool {
    true
}

#[authorize(role("admin") || check(owns_post))]
async fn asked() {}

#[authorize(role("admin") || check(self::owns_post) && !check(crate::owns_post))]
async fn asked_twice() {}

#[public]
#[rate_limit(5/min)]
async fn limited() {}

#[public]
#[rate_limit(by = global, 5/min)]
async fn rate_last() {}

#[protected]
#[rate_limit(100/hour, by = user, burst = 20, cost = 2, name = "login", on_outage = deny, shadow)]
async fn everything() {}

#[protected]
#[rate_limit(1/sec, by = ip)]
#[rate_limit(2/min, by = api_key)]
#[rate_limit(3/hour, by = global)]
#[rate_limit(4/day, by = header("x-tenant"))]
#[rate_limit(5/hour, by = path("id"))]
#[rate_limit(6/min, by = tenant, on_outage = allow)]
#[rate_limit(7/30 sec, by = user, on_outage = local)]
async fn keys() {}

#[public]
#[csp(img_src(self, "https://images.example.com", "data:"), script-src(nonce, strict-dynamic), frame_ancestors(none))]
async fn content() {}

#[protected]
#[csp(style_src(unsafe_inline), default_src("'self'", unsafe-eval, "*"), sandbox, because = "the charts need it")]
async fn opened() {}

#[public]
#[csp(sandbox(allow_forms, allow-scripts))]
async fn boxed() {}

fn tenant(_request: &Parts) -> Option<String> {
    None
}

fn main() {
    assert_eq!(demands::<__open_policy>(), "public");
    assert_eq!(demands::<__probe_policy>(), "public because load balancer probe");
    assert_eq!(demands::<__me_policy>(), "authenticated");
    assert_eq!(demands::<__parentheses_policy>(), "authenticated");
    assert_eq!(demands::<__every_credential_policy>(), "authenticated");
    assert_eq!(demands::<__recent_policy>(), "authenticated, via(session), fresh(90)");
    assert_eq!(demands::<__exempt_policy>(), "authenticated, csrf_exempt(signed by the payment provider)");
    assert_eq!(demands::<__role_policy>(), "role(admin)");
    assert_eq!(demands::<__roles_policy>(), "any(role(admin), role(editor))");
    assert_eq!(demands::<__scopes_policy>(), "all(scope(orders:read), scope(orders:write))");
    assert_eq!(demands::<__known_policy>(), "authenticated");
    assert_eq!(demands::<__tree_policy>(), "any(role(admin), all(scope(posts:write), not(role(guest))))");
    assert_eq!(demands::<__asked_policy>(), "any(role(admin), check(owns_post))");
    assert!(demands::<__asked_twice_policy>().starts_with("any(role(admin), all(check("));
    assert_eq!(demands::<__any_role_policy>(), "any(role(admin), role(editor))");
    assert_eq!(demands::<__limited_policy>(), "public; 5/60s by ip");
    assert_eq!(demands::<__rate_last_policy>(), "public; 5/60s by global");
    assert_eq!(
        demands::<__everything_policy>(),
        "authenticated; 100/3600s by user burst 20 cost 2 named login on outage deny shadow"
    );
    assert_eq!(
        demands::<__content_policy>(),
        "public; csp(img-src 'self' https://images.example.com data:|script-src 'nonce' 'strict-dynamic'|frame-ancestors )"
    );
    assert_eq!(
        demands::<__opened_policy>(),
        "authenticated; csp(style-src 'unsafe-inline'|default-src 'self' 'unsafe-eval' *|sandbox  because the charts need it)"
    );
    assert_eq!(demands::<__boxed_policy>(), "public; csp(sandbox allow-forms allow-scripts)");
    assert_eq!(
        demands::<__keys_policy>(),
        "authenticated; 2/60s by api_key; 3/3600s by global; 4/86400s by header x-tenant; 1/1s by ip; \
         5/3600s by path id; 6/60s by tenant on outage allow; 7/30s by user"
    );
}
