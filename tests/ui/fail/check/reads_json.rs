use auth_runtime::check;

use axum::Json;

#[check]
async fn owns_post(Json(_post): Json<u64>) -> bool {
    true
}

#[auth_runtime::authorize(check(owns_post))]
async fn edit() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(edit));
}
