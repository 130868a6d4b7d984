use auth_runtime::protected;
use axum::extract::State;

#[derive(Clone)]
struct Api;

impl Api {
    #[protected]
    async fn handler(State(_api): State<Self>) {}
}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(Api::handler));
}
