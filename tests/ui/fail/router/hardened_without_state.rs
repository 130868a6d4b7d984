use auth_runtime::{prelude::*, web::hardened};
use axum::extract::FromRef;

#[derive(Clone, FromRef)]
struct App {
    auth: Auth,
}

#[protected]
async fn me() {}

fn build(settings: &Settings) {
    let app = GuardedRouter::<App>::new().route("/me", get(me));
    let _app = hardened(app, settings);
}

fn main() {}
