//! A check sets off no lint of its own, and the user's lints stand.

#![deny(warnings)]

use auth_runtime::{Auth, GuardedRouter, authorize, check, routing::get};
use axum::{extract::FromRequestParts, http::request::Parts};

#[allow(non_camel_case_types, reason = "the name of what the attribute writes")]
struct __S;
#[allow(non_upper_case_globals, reason = "the name of what the attribute writes")]
const __parts: u8 = 0;
#[allow(non_upper_case_globals, reason = "the name of what the attribute writes")]
const __argument_0: u8 = 0;

#[deprecated]
struct Old;

#[allow(deprecated)]
impl<S: Sync> FromRequestParts<S> for Old {
    type Rejection = ();

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, ()> {
        let (_, _, _) = (__S, __parts, __argument_0);
        Ok(Self)
    }
}

#[allow(deprecated)]
#[check]
async fn reads_old(_old: Old) -> bool {
    true
}

#[deprecated]
#[check]
async fn is_old() -> bool {
    true
}

#[expect(dead_code, reason = "not asked yet")]
#[check]
async fn not_asked() -> bool {
    true
}

#[check]
pub(crate) async fn local() -> bool {
    #[check]
    async fn inner() -> bool {
        true
    }
    inner().await
}

#[authorize(check(reads_old) && check(local))]
async fn edit() {}

#[allow(deprecated)]
#[authorize(check(is_old))]
async fn view() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/edit", get(edit)).route("/view", get(view));
}
