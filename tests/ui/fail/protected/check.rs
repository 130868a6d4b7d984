use auth_runtime::prelude::*;

#[check]
async fn owns_post() -> bool {
    true
}

#[protected(check(owns_post))]
async fn handler() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
