use auth_runtime::{Auth, GuardedRouter, authorize, check, routing::get};
use axum::extract::State;

#[derive(Clone)]
struct Posts;

#[check]
async fn owns_post(State(_posts): State<Posts>) -> bool {
    true
}

#[authorize(check(owns_post))]
async fn edit() {}

fn main() {
    let _app = GuardedRouter::<Auth>::new().route("/x", get(edit));
}
