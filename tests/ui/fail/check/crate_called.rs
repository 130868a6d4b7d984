use auth_runtime::check;

#[check(crate("auth_runtime"))]
async fn owns_post() -> bool {
    true
}

#[auth_runtime::authorize(check(owns_post))]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
