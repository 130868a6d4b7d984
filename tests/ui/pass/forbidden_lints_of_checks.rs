//! Crates that forbid lints: no attribute allows one of them again, and none sets one off.

#![forbid(
    dead_code,
    deprecated,
    missing_debug_implementations,
    missing_docs,
    non_camel_case_types,
    private_bounds,
    unreachable_pub,
    unused_imports,
    unused_qualifications,
    unused_variables
)]

use auth_runtime::{Auth, GuardedRouter, Identity, authorize, check, routing::get};
use axum::{
    extract::{FromRequest, FromRequestParts, Path, Request},
    http::request::Parts,
};

#[check]
async fn owns_post(who: Identity, Path(id): Path<u64>) -> bool {
    who.subject() == id.to_string()
}

/// An extractor of whole requests that does without the body.
struct Either;

impl<S: Sync> FromRequestParts<S> for Either {
    type Rejection = ();

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, ()> {
        Ok(Self)
    }
}

impl<S: Sync> FromRequest<S> for Either {
    type Rejection = ();

    async fn from_request(_: Request, _: &S) -> Result<Self, ()> {
        Ok(Self)
    }
}

#[check]
async fn takes_either(Either: Either) -> bool {
    true
}

/// A public handler with a private check.
#[authorize(check(owns_post) && check(takes_either))]
pub async fn edit() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/posts/{id}", get(edit));
}
