//! What callers may ask. The attributes are the same as for users of this service's own.

use auth_runtime::{policy::Via, prelude::*};
use serde::Serialize;

pub(crate) fn routes() -> GuardedRouter<Auth> {
    GuardedRouter::new().route("/me", get(me)).route("/greetings", post(greet)).route("/people", get(people))
}

#[derive(Serialize)]
struct Me {
    id: String,
    name: Option<String>,
    email: Option<String>,
    roles: Vec<String>,
    by_cookie: bool,
}

/// Tells the callers who they are, however they prove it.
#[protected]
async fn me(who: Identity) -> Json<Me> {
    Json(Me {
        id: who.subject().to_owned(),
        name: who.name().map(str::to_owned),
        email: who.email().map(str::to_owned),
        roles: who.roles().map(str::to_owned).collect(),
        by_cookie: who.via() == Via::SESSION,
    })
}

/// Takes the session's cookie alone, so a sign-out counts within 30 seconds. Other sites cannot cause the request.
#[protected(via(session))]
#[rate_limit(30/min, by = user)]
async fn greet(who: Identity) -> String {
    format!("Hello, {}!", who.name().unwrap_or("you"))
}

#[require_role("admin")]
async fn people() -> &'static str {
    "all of them"
}
