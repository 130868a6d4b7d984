use auth_runtime::prelude::*;
use axum::extract::FromRef;
use tokio::net::TcpListener;

#[derive(Clone, FromRef)]
struct App {
    auth: Auth,
}

#[protected]
async fn me() {}

async fn run(listener: TcpListener) {
    let app = GuardedRouter::<App>::new().route("/me", get(me));
    let _server = auth_runtime::serve(listener, app);
}

fn main() {}
