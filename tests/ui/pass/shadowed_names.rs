#![deny(warnings)]
#![allow(dead_code, non_camel_case_types, non_upper_case_globals, unused_macros)]

use ::auth_runtime::{Identity, Role, authorize, check, protected, public, rate_limit, require_role, require_scope};

mod auth_runtime {}
mod axum {}
mod core {}
mod std {}
mod serde {}
mod policy {}

macro_rules! concat { () => {}; }
macro_rules! module_path { () => {}; }
macro_rules! panic { () => {}; }
macro_rules! compile_error { () => {}; }

struct __S;
struct __D;
struct __f;
struct __name;
struct __guard;
const __text: u8 = 0;
static __to: u8 = 0;
static __from: u8 = 0;

struct Vec;
struct Box;
struct Default;
struct Clone;
struct Policy;
struct HasPolicy;
struct Guard;
struct Check;
struct Parts;
struct String;
struct Option;
struct Result;
struct Send;
struct Sync;
struct Future;
struct Ok;
struct Err;
struct Some;
struct None;
struct Rule;
struct Probe;
struct bool;
struct str;
struct u32;
struct usize;

#[derive(Role)]
enum Role {
    Member,
    #[role(implies = Member)]
    Admin,
}

#[check]
async fn owns_post(_who: Identity) -> ::core::primitive::bool {
    true
}

#[public(because = "probe")]
#[rate_limit(10/min)]
async fn open() {}

#[protected(via(bearer), fresh = 5 min)]
#[require_scope("posts:write")]
#[require_role(Role::Admin, "editor")]
#[rate_limit(10/min, by = user, burst = 3, cost = 2, name = "x", on_outage = deny, shadow)]
#[rate_limit(10/hour, by = header("x-tenant"))]
#[rate_limit(10/day, by = tenant)]
async fn everything() {}

#[authorize(role(Role::Member) || scope("a") && !check(owns_post))]
async fn tree(_who: Identity) {}

fn tenant(_request: &::axum::http::request::Parts) -> ::core::option::Option<::std::string::String> {
    ::core::option::Option::None
}

fn main() {
    let demanded = ::auth_tests::demands::<__tree_policy>();
    assert_eq!(demanded, "any(role(member|admin), all(scope(a), not(check(owns_post))))");
}
