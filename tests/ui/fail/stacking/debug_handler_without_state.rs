use auth_runtime::{Auth, protected};

#[derive(Clone, axum::extract::FromRef)]
struct App {
    auth: Auth,
}

#[protected]
#[axum::debug_handler]
async fn handler() {}

fn main() {
    use auth_runtime::{GuardedRouter, routing::get};

    let _app: GuardedRouter<App> = GuardedRouter::new().route("/x", get(handler));
}
