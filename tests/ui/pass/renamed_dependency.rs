#![deny(warnings)]
#![allow(dead_code)]

extern crate auth_runtime as renamed;

use auth_tests::demands;
use renamed::{Identity, Role, authorize, check, protected, public, rate_limit, require_role, require_scope};

mod auth_runtime {}

mod reexport {
    pub mod inner {
        pub use ::auth_runtime as auth;
    }
}

#[derive(Role)]
#[role(crate = renamed)]
enum Role {
    Member,
    #[role(implies = Member)]
    Admin,
}

#[check(crate = renamed)]
async fn owns_post(_who: Identity) -> bool {
    true
}

#[public(because = "probe", crate = renamed)]
#[rate_limit(10/min, crate = renamed)]
async fn open() {}

#[protected(crate = crate::reexport::inner::auth)]
#[require_scope("posts:write", crate = crate::reexport::inner::auth)]
#[require_role(Role::Admin, crate = crate::reexport::inner::auth)]
async fn through_modules() {}

#[authorize(role(Role::Member) || check(owns_post), crate = renamed)]
#[rate_limit(10/min)]
async fn named_once() {}

fn main() {
    assert_eq!(demands::<__open_policy>(), "public because probe; 10/60s by ip");
    assert!(demands::<__through_modules_policy>().contains("role(admin)"));
    assert_eq!(demands::<__named_once_policy>(), "any(role(member|admin), check(owns_post)); 10/60s by user");
}
