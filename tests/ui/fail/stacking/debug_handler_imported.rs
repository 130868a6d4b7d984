use auth_runtime::{Auth, protected};
use axum::debug_handler;

#[derive(Clone, axum::extract::FromRef)]
struct App {
    auth: Auth,
}

#[protected]
#[debug_handler]
async fn handler(_method: axum::http::Method) {}

fn main() {
    use auth_runtime::{GuardedRouter, routing::get};

    let _app: GuardedRouter<App> = GuardedRouter::new().route("/x", get(handler));
}
