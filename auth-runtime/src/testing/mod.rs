//! Tools for tests of applications: identities in one line, tokens that must be refused, and a clock that the test
//! moves.
//!
//! ```
//! use auth_runtime::{assert_denied, prelude::*, testing::{TestAuth, TestIdentity}};
//! use axum::{body::Body, http::Request};
//! use tower::ServiceExt;
//!
//! #[require_role("admin")]
//! async fn stop() {}
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let TestAuth { auth, .. } = TestAuth::new();
//! let app = GuardedRouter::new().route("/stop", post(stop)).with_state(auth.clone()).into_router();
//!
//! let alice = TestIdentity::user("alice").role("member").bearer(&auth);
//! let request = Request::post("/stop").header("authorization", alice).body(Body::empty())?;
//! assert_denied!(app.clone().oneshot(request).await?, 403);
//!
//! let root = TestIdentity::user("root").role("admin").bearer(&auth);
//! let request = Request::post("/stop").header("authorization", root).body(Body::empty())?;
//! assert_eq!(app.oneshot(request).await?.status(), 200);
//! # Ok(()) }
//! ```
#![expect(clippy::panic, reason = "a test that cannot be set up fails loudly")]

mod assertions;
mod identity;
mod stored;
mod test_auth;

pub use crate::{clock::manual::ManualClock, store::suite as store_suite};
pub use assertions::denied;
pub use identity::{RoleName, TestIdentity};
pub use test_auth::TestAuth;
