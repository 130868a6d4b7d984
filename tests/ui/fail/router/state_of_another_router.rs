use auth_runtime::{Auth, GuardedRouter, protected, routing::get};
use axum::extract::State;

#[derive(Clone)]
struct Posts;

#[protected]
async fn list(State(_posts): State<Posts>) {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(list));
}
