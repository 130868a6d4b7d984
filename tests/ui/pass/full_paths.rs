#![deny(warnings)]
#![allow(dead_code)]

mod reexport {
    pub use auth_runtime::*;
}

#[auth_runtime::require_role("admin")]
#[::auth_runtime::rate_limit(10/min)]
async fn absolute() {}

#[reexport::require_role("admin")]
#[crate::reexport::rate_limit(10/min)]
async fn through_a_module() {}

#[derive(auth_runtime::Role)]
enum Role {
    Admin,
}

#[auth_runtime::check]
async fn owns_post() -> bool {
    true
}

#[auth_runtime::authorize(role(crate::Role::Admin) || check(crate::owns_post))]
async fn paths_inside() {}

fn main() {
    assert_eq!(auth_tests::demands::<__absolute_policy>(), "role(admin); 10/60s by user");
    assert_eq!(auth_tests::demands::<__through_a_module_policy>(), "role(admin); 10/60s by user");
}
