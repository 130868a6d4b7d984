#![deny(warnings)]
#![allow(dead_code)]

use auth_runtime::{authorize, body, check, csp, csrf_exempt, protected, public, rate_limit, require_role, require_scope};
use auth_tests::demands;

#[protected(via(bearer), fresh = 5 min)]
#[require_role("admin", "editor")]
#[require_scope("posts:write")]
async fn abc() {}

#[protected(via(bearer), fresh = 5 min)]
#[require_scope("posts:write")]
#[require_role("admin", "editor")]
async fn acb() {}

#[require_role("admin", "editor")]
#[protected(via(bearer), fresh = 5 min)]
#[require_scope("posts:write")]
async fn bac() {}

#[require_role("admin", "editor")]
#[require_scope("posts:write")]
#[protected(via(bearer), fresh = 5 min)]
async fn bca() {}

#[require_scope("posts:write")]
#[protected(via(bearer), fresh = 5 min)]
#[require_role("admin", "editor")]
async fn cab() {}

#[require_scope("posts:write")]
#[require_role("admin", "editor")]
#[protected(via(bearer), fresh = 5 min)]
async fn cba() {}

#[rate_limit(10/min)]
#[require_role("admin")]
async fn limit_first() {}

#[require_role("admin")]
#[rate_limit(10/min)]
async fn limit_last() {}

#[csrf_exempt(because = "signed")]
#[rate_limit(10/min)]
#[require_role("admin")]
async fn exempt_first() {}

#[require_role("admin")]
#[csrf_exempt(because = "signed")]
#[rate_limit(10/min)]
async fn exempt_between() {}

#[rate_limit(10/min)]
#[require_role("admin")]
#[csrf_exempt(because = "signed")]
async fn exempt_last() {}

#[body(max = 2 MiB, within = 10 s)]
#[rate_limit(10/min)]
#[require_role("admin")]
async fn body_first(_: String) {}

#[require_role("admin")]
#[body(within = 10 sec, max = "2 MiB")]
#[rate_limit(10/min)]
async fn body_between(_: String) {}

#[rate_limit(10/min)]
#[require_role("admin")]
#[body(max = 2048KiB, within = "10 s")]
async fn body_last(_: String) {}

#[csp(img_src(self))]
#[rate_limit(10/min)]
#[public]
async fn content_first() {}

#[public]
#[csp(img_src(self))]
#[rate_limit(10/min)]
async fn content_between() {}

#[rate_limit(10/min)]
#[public]
#[csp(img_src(self))]
async fn content_last() {}

#[check]
async fn pin() -> bool {
    true
}

#[authorize(check(pin))]
#[rate_limit(5/min, by = global, counts = before_checks)]
#[rate_limit(9/min, by = header("x-clinic"), counts = after_checks)]
async fn check_first() {}

#[rate_limit(9/min, counts = after_checks, by = header("x-clinic"))]
#[authorize(check(pin))]
#[rate_limit(counts = before_checks, 5/min, by = global)]
async fn check_between() {}

#[rate_limit(by = global, counts = before_checks, 5/min)]
#[rate_limit(counts = after_checks, by = header("X-Clinic"), 9/min)]
#[authorize(check(pin))]
async fn check_last() {}

fn main() {
    let expected = demands::<__abc_policy>();
    assert!(
        expected.contains("any(role(admin), role(editor))") && expected.contains("scope(posts:write)"),
        "{expected}"
    );
    assert!(expected.ends_with(", via(bearer), fresh(300)"), "{expected}");
    for other in [
        demands::<__acb_policy>(),
        demands::<__bac_policy>(),
        demands::<__bca_policy>(),
        demands::<__cab_policy>(),
        demands::<__cba_policy>(),
    ] {
        assert_eq!(other, expected);
    }
    assert_eq!(demands::<__limit_first_policy>(), "role(admin); 10/60s by user");
    assert_eq!(demands::<__limit_last_policy>(), demands::<__limit_first_policy>());
    assert_eq!(demands::<__exempt_first_policy>(), "role(admin), csrf_exempt(signed); 10/60s by user");
    assert_eq!(demands::<__exempt_between_policy>(), demands::<__exempt_first_policy>());
    assert_eq!(demands::<__exempt_last_policy>(), demands::<__exempt_first_policy>());
    assert_eq!(demands::<__body_first_policy>(), "role(admin); 10/60s by user; body of 2097152; body in 10s");
    assert_eq!(demands::<__body_between_policy>(), demands::<__body_first_policy>());
    assert_eq!(demands::<__body_last_policy>(), demands::<__body_first_policy>());
    assert_eq!(demands::<__content_first_policy>(), "public; 10/60s by ip; csp(img-src 'self')");
    assert_eq!(demands::<__content_between_policy>(), demands::<__content_first_policy>());
    assert_eq!(demands::<__content_last_policy>(), demands::<__content_first_policy>());
    assert_eq!(
        demands::<__check_first_policy>(),
        "check(pin); 5/60s by global counts BeforeChecks; 9/60s by header x-clinic counts AfterChecks"
    );
    assert_eq!(demands::<__check_between_policy>(), demands::<__check_first_policy>());
    assert_eq!(demands::<__check_last_policy>(), demands::<__check_first_policy>());
}
