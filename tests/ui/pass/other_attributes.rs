#![deny(warnings)]
#![allow(dead_code)]

use auth_runtime::{Auth, protected, rate_limit, require_role};
use auth_tests::demands;
use axum::{debug_handler, extract::FromRef};
use tracing::instrument;

#[derive(Clone, FromRef)]
struct App {
    auth: Auth,
}

#[require_role("admin")]
#[debug_handler(state = App)]
#[rate_limit(10/min)]
async fn debug_between() {}

#[require_role("admin")]
#[rate_limit(10/min)]
#[debug_handler(state = App)]
async fn debug_below() {}

#[instrument]
#[require_role("admin")]
#[rate_limit(10/min)]
async fn instrument_above() {}

#[require_role("admin")]
#[instrument(skip_all, fields(id = 1))]
#[rate_limit(10/min)]
async fn instrument_between() {}

#[require_role("admin")]
#[rate_limit(10/min)]
#[instrument(ret)]
async fn instrument_below() -> &'static str {
    "ok"
}

/// Documented above,
#[allow(unused_variables)]
#[require_role("admin")]
/// between,
#[expect(clippy::let_unit_value, reason = "stands between")]
#[rate_limit(10/min)]
#[doc = "and below."]
#[inline]
#[must_use]
async fn built_in() -> &'static str {
    let nothing = ();
    "ok"
}

#[protected]
#[deprecated(note = "call the other")]
async fn deprecated() {}

fn main() {
    for demanded in [
        demands::<__debug_between_policy>(),
        demands::<__debug_below_policy>(),
        demands::<__instrument_above_policy>(),
        demands::<__instrument_between_policy>(),
        demands::<__instrument_below_policy>(),
        demands::<__built_in_policy>(),
    ] {
        assert_eq!(demanded, "role(admin); 10/60s by user");
    }
    assert_eq!(demands::<__deprecated_policy>(), "authenticated");
}
