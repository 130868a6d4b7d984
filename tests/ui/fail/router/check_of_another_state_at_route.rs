use auth_runtime::{Auth, GuardedRouter, authorize, check, routing::put};
use axum::extract::{FromRef, State};

#[derive(Clone, FromRef)]
struct App {
    auth: Auth,
}

#[derive(Clone)]
struct Posts;

#[check]
async fn owns_post(State(_posts): State<Posts>) -> bool {
    true
}

#[authorize(check(owns_post))]
async fn edit() {}

fn main() {
    let _app: GuardedRouter<App> = GuardedRouter::new().route("/x", put(edit));
}
