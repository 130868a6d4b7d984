use auth_runtime::check;

use axum::extract::State;

#[check]
async fn owns_post<T: Send + Sync + Clone + 'static>(State(_posts): State<T>) -> bool {
    true
}

#[auth_runtime::authorize(check(owns_post))]
async fn edit() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(edit));
}
