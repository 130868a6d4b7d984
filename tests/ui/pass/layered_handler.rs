//! A handler with a layer of its own keeps its policy.

use auth_runtime::prelude::*;
use axum::{handler::Handler, middleware::map_response, response::Response};

async fn marked(response: Response) -> Response {
    response
}

#[require_role("admin")]
#[rate_limit(10/min)]
async fn stop(who: Identity) -> String {
    who.subject().to_owned()
}

fn main() {
    let app: GuardedRouter<Auth> = GuardedRouter::new()
        .route("/stop", post(stop.layer(map_response(marked))))
        .fallback(stop.layer(map_response(marked)));
    assert!(app.access_matrix().to_string().contains("role admin"));
}
