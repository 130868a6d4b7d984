use auth_runtime::prelude::*;
use axum::extract::FromRef;
use tokio::net::TcpListener;

#[derive(Clone, FromRef)]
struct App {
    auth: Auth,
}

#[protected]
async fn me() {}

async fn run(listener: TcpListener, auth: Auth) {
    let app = GuardedRouter::<App>::new().route("/me", get(me)).with_state(App { auth });
    let _server = auth_runtime::serve(listener, app.into_make_service());
}

fn main() {}
