use auth_runtime::check;

use axum::extract::Request;

#[check]
async fn owns_post(request: Request) -> bool {
    request.headers().is_empty()
}

#[auth_runtime::authorize(check(owns_post))]
async fn edit() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(edit));
}
