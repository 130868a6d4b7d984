#![deny(warnings)]
#![allow(dead_code)]

use auth_runtime::{Role, authorize, check, protected, public, rate_limit, require_role, require_scope};
use auth_tests::demands;
use axum::extract::Path;

#[derive(Role)]
enum Role {
    Member,
    #[role(implies = Member)]
    Admin,
}

macro_rules! handler {
    ($(#[$attribute:meta])* $vis:vis fn $name:ident($($argument:ident: $type:ty),*) -> $returned:ty $body:block) => {
        $(#[$attribute])*
        $vis async fn $name($($argument: $type),*) -> $returned $body
    };
}

handler! {
    /// Documented.
    #[require_role("admin")]
    #[rate_limit(10/min)]
    pub(crate) fn passed_on(id: Path<u64>) -> String { id.to_string() }
}

handler! {
    #[public]
    fn open() -> &'static str { "ok" }
}

macro_rules! guarded {
    ($name:ident, $role:expr, $scope:literal, $count:literal / $unit:ident, $key:ident, $check:path) => {
        #[require_role($role)]
        #[require_scope($scope)]
        #[rate_limit($count/$unit, by = $key)]
        async fn $name() {}

        mod $key {
            use super::*;

            #[authorize(role($role) || check($check))]
            pub(crate) async fn $name() {}
        }
    };
}

guarded!(fragments, Role::Member, "posts:write", 10 / min, ip, super::owns_post);

macro_rules! check_of {
    ($vis:vis $name:ident, $argument:ty, $returned:ty) => {
        #[check]
        $vis async fn $name(_argument: $argument) -> $returned {
            true
        }
    };
}

check_of!(pub(crate) owns_post, Path<u64>, bool);

macro_rules! roles {
    ($name:ident { $($role:ident = $text:literal $(implies $included:ident)?),* }) => {
        #[derive(Role)]
        enum $name {
            $(#[role(rename = $text)] $(#[role(implies = $included)])? $role),*
        }
    };
}

roles!(Made { Reader = "r", Writer = "w" implies Reader });

macro_rules! expression {
    ($left:expr) => {
        #[authorize(role("a") && $left)]
        async fn spliced() {}
    };
}

expression!(role("b") || role("c"));

#[protected]
async fn beside() {}

fn main() {
    assert_eq!(demands::<__passed_on_policy>(), "role(admin); 10/60s by user");
    assert_eq!(demands::<__open_policy>(), "public");
    assert!(demands::<__fragments_policy>().contains("role(member|admin)"));
    assert_eq!(demands::<__spliced_policy>(), "all(role(a), any(role(b), role(c)))");
    assert_eq!(Made::Reader.requirement().implied_by(), ["w"]);
}
