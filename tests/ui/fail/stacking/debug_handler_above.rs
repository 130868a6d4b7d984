use auth_runtime::protected;
use axum::debug_handler;

#[debug_handler(state = auth_runtime::Auth)]
#[protected]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
