//! An expansion allows no lint, so a crate may forbid any. `scripts/handler-shapes` does the same under clippy.

#![forbid(
    dead_code,
    deprecated,
    future_incompatible,
    keyword_idents,
    let_underscore,
    missing_debug_implementations,
    missing_docs,
    non_ascii_idents,
    nonstandard_style,
    private_bounds,
    private_interfaces,
    rust_2018_idioms,
    rust_2024_compatibility,
    single_use_lifetimes,
    trivial_casts,
    unreachable_pub,
    unsafe_code,
    unused,
    unused_imports,
    unused_lifetimes,
    unused_qualifications,
    unused_results,
    unused_variables,
    warnings
)]

use auth_runtime::{
    Auth, GuardedRouter, Identity, Role, authorize, csp, csrf_exempt, protected, public, rate_limit, require_role,
    require_scope, routing::get,
};
use axum::http::{HeaderMap, Method, Uri, Version};

#[derive(Clone, Copy, Role)]
enum Role {
    Member,
    #[role(implies = Member)]
    Admin,
    #[deprecated]
    Editor,
}

/// Only the derived implementations use it.
#[deprecated]
#[derive(Clone, Copy, Debug, Role)]
#[non_exhaustive]
pub enum Old {
    /// Reads.
    Member,
}

#[public(because = "probe")]
#[rate_limit(10/min)]
async fn open(_who: Option<Identity>) {}

#[protected(via(bearer, session), fresh = 5 min)]
#[require_scope("posts:write")]
#[require_role(Role::Admin, "editor")]
#[rate_limit(10/min, by = user, burst = 3, cost = 2, name = "posts", on_outage = deny, shadow)]
#[rate_limit(10/hour, by = header("x-tenant"))]
#[csp(img_src(self), script_src(unsafe_eval), because = "the charts compile their templates")]
#[csrf_exempt(because = "signed by its sender")]
async fn seven(_who: Identity, _one: HeaderMap, _two: Method, _three: Uri, _four: Version, _five: Method, _last: String) {}

#[authorize(role(Role::Member) || scope("posts:read") && !role("banned"))]
async fn generic<T: Send + Sync + 'static>() {}

fn main() {
    let _routes: GuardedRouter<Auth> =
        GuardedRouter::new().route("/", get(open).post(seven)).route("/generic", get(generic::<u8>));
}
