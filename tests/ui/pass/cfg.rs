#![deny(warnings)]
#![allow(dead_code)]

use auth_runtime::{check, protected, public, rate_limit, require_role};
use auth_tests::demands;
use axum::http::{HeaderMap, Method};

#[cfg_attr(all(), require_role("admin"))]
#[cfg_attr(any(), public)]
#[rate_limit(10/min)]
async fn attributes() {}

#[cfg(any())]
#[protected]
async fn one_of_two() {}

#[cfg(not(any()))]
#[public]
async fn one_of_two() {}

#[protected]
#[cfg(any())]
async fn cut_below() {}

#[protected]
#[cfg(not(any()))]
async fn cut_below() {}

#[protected]
async fn arguments(#[cfg(any())] _gone: NoSuchType, #[cfg(all())] _method: Method, _headers: HeaderMap) {}

#[check]
#[cfg(any())]
async fn owns_post() -> bool {
    true
}

#[check]
#[cfg(not(any()))]
async fn owns_post(_method: Method) -> bool {
    true
}

fn main() {
    assert_eq!(demands::<__attributes_policy>(), "role(admin); 10/60s by user");
    assert_eq!(demands::<__one_of_two_policy>(), "public");
    assert_eq!(demands::<__cut_below_policy>(), "authenticated");
    assert_eq!(demands::<__arguments_policy>(), "authenticated");
}
