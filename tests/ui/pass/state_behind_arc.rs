//! A state behind an `Arc` carries what its struct carries.

use std::sync::Arc;

use auth_runtime::{prelude::*, store::Account};
use axum::extract::{FromRef, State};

#[derive(Clone, FromRef)]
struct App {
    auth: Auth,
    accounts: Accounts,
    users: Users<Account>,
    shared: Arc<str>,
}

#[check]
async fn is_shared(State(app): State<Arc<App>>, who: Identity) -> bool {
    *app.shared == *who.subject()
}

#[authorize(role("admin") || check(is_shared))]
#[rate_limit(10/min, by = ip)]
async fn handler(State(_app): State<Arc<App>>, _user: CurrentUser<Account>) {}

#[protected]
#[axum::debug_handler(state = Arc<App>)]
async fn checked_by_axum(_user: CurrentUser<Account>, _token: CsrfToken, _who: Option<Identity>) {}

#[protected]
async fn by_hand(_who: Identity) {}

fn main() {
    let _guarded: GuardedRouter<Arc<App>> = GuardedRouter::new()
        .route("/a", get(handler))
        .route("/b", post(checked_by_axum))
        .merge(account::routes());
    let _plain: axum::Router<Arc<App>> = axum::Router::new().route("/c", axum::routing::get(by_hand));
    // `Auth` is taken through any number of them.
    let _nested: GuardedRouter<Arc<Arc<App>>> = GuardedRouter::new().route("/d", get(by_hand));
    let _alone: GuardedRouter<Arc<Auth>> = GuardedRouter::new().route("/e", get(by_hand));
}
