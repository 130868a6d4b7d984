use auth_runtime::{Identity, public};

use axum::http::Method;

#[public]
async fn handler(_all: (Method, (Method, Identity))) {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
