#![deny(warnings)]
#![allow(dead_code, non_camel_case_types)]

use auth_runtime::{Role, authorize, check, protected, require_role};
use auth_tests::demands;
use axum::http::Method;

#[derive(Role)]
enum r#enum {
    r#type,
    #[role(implies = r#type)]
    Admin,
}

#[protected]
async fn r#match(r#in: Method) -> String {
    r#in.to_string()
}

#[check]
async fn r#is(r#in: Method) -> bool {
    r#in.is_safe()
}

#[check]
async fn r#try() -> bool {
    true
}

#[authorize(role(r#enum::r#type) || check(r#try))]
async fn r#fn() {}

#[require_role(self::r#enum::Admin)]
async fn plain() {}

fn main() {
    assert_eq!(r#enum::NAMES, ["type", "admin"]);
    assert_eq!(demands::<__match_policy>(), "authenticated");
    assert!(demands::<__fn_policy>().starts_with("any(role(type|admin), check("));
    assert_eq!(demands::<__plain_policy>(), "role(admin)");
}
