#![no_implicit_prelude]
#![deny(warnings)]
#![allow(dead_code)]

mod handlers {
    use ::auth_runtime::{
        Identity, Role, authorize, check, protected, public, rate_limit, require_role, require_scope,
    };

    #[derive(Role)]
    pub enum Role {
        Member,
        #[role(implies = Member)]
        Admin,
    }

    #[check]
    pub async fn owns_post(who: Identity, method: ::axum::http::Method) -> bool {
        who.has_role("admin") && method.is_safe()
    }

    #[public(because = "probe")]
    #[rate_limit(10/min)]
    pub async fn open() {}

    #[protected(via(bearer), fresh = 5 min)]
    #[require_scope("posts:write")]
    #[require_role(Role::Admin)]
    #[rate_limit(10/min, by = user, burst = 3, cost = 2, name = "x", on_outage = deny, shadow)]
    #[rate_limit(10/hour, by = header("x-tenant"))]
    #[rate_limit(10/day, by = tenant)]
    pub async fn everything() {}

    #[authorize(role(Role::Member) || scope("a") && !check(owns_post))]
    pub async fn tree(_who: Identity) {}

    fn tenant(_request: &::axum::http::request::Parts) -> ::std::option::Option<::std::string::String> {
        ::std::option::Option::None
    }
}

fn main() {
    let demanded = ::auth_tests::demands::<handlers::__tree_policy>();
    ::std::assert_eq!(demanded, "any(role(member|admin), all(scope(a), not(check(owns_post))))");
}
