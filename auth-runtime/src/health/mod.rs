//! Ready-made handlers that tell a platform whether the process lives and whether it can serve.
//!
//! | path | answer |
//! |---|---|
//! | `GET /healthz` | 200 while the process runs and handles requests |
//! | `GET /readyz` | 200 while [`Auth::is_ready`](crate::Auth::is_ready), else 503 |
//!
//! From the moment at which `serve` is asked to end, `/readyz` answers 503.
//!
//! Restart a process that does not answer `/healthz`. Send no requests to a process that answers 503 to `/readyz`. A
//! store of limits that fails makes no process unready, because each limit says in `on_outage` what happens then.
//!
//! Both are public by declaration and stand in the access matrix. Only the event says which store fails.

use axum::{
    Extension, Json,
    extract::State,
    http::{
        HeaderValue,
        header::{CACHE_CONTROL, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{
    auth::HasAuth,
    error::{UNAVAILABLE, UNAVAILABLE_RETRY_SECONDS},
    guard::Guard,
    policy::{HasPolicy, Policy},
    router::{GuardedRouter, routing::get},
};

/// Returns the router of `/healthz` and `/readyz`.
///
/// ```
/// use auth_runtime::{health, prelude::*};
///
/// #[protected]
/// async fn whoami(who: Identity) -> String {
///     who.subject().to_owned()
/// }
///
/// let app: GuardedRouter<Auth> = GuardedRouter::new().route("/me", get(whoami)).merge(health::routes());
/// assert_eq!(app.access_matrix().rows().len(), 3);
/// ```
pub fn routes<S>() -> GuardedRouter<S>
where
    S: HasAuth + Clone + Send + Sync + 'static,
{
    GuardedRouter::new().route("/healthz", get(healthz)).route("/readyz", get(readyz::<S>))
}

/// Answers 200: the process handles requests.
pub async fn healthz(_: Guard<Healthz>) -> Response {
    answer("ok")
}

/// Answers 200 if the process can serve requests, else 503.
pub async fn readyz<S>(_: Guard<Readyz>, State(state): State<S>, leaving: Option<Extension<Leaving>>) -> Response
where
    S: HasAuth + Clone + Send + Sync,
{
    if leaving.is_none() && state.auth().is_ready().await {
        return answer("ready");
    }
    let wait = HeaderValue::from(UNAVAILABLE_RETRY_SECONDS);
    ([(CACHE_CONTROL, NO_STORE), (RETRY_AFTER, wait)], UNAVAILABLE).into_response()
}

/// A mark on requests that a server takes while it ends.
///
/// `serve` sets it. With another server, insert it into the extensions of each request from the moment
/// at which the server is asked to end.
#[derive(Clone, Copy, Debug)]
pub struct Leaving;

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

#[derive(Serialize)]
struct Status {
    status: &'static str,
}

fn answer(status: &'static str) -> Response {
    ([(CACHE_CONTROL, NO_STORE)], Json(Status { status })).into_response()
}

/// The policy of [`healthz`].
#[derive(Debug)]
pub struct Healthz;

impl HasPolicy for Healthz {
    const POLICY: Policy = Policy::public("auth_runtime::health::healthz").with_reason("platforms ask if it lives");
    type Checks = ();
}

/// The policy of [`readyz`].
#[derive(Debug)]
pub struct Readyz;

impl HasPolicy for Readyz {
    const POLICY: Policy = Policy::public("auth_runtime::health::readyz").with_reason("platforms ask if it can serve");
    type Checks = ();
}
