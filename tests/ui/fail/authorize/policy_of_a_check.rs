use auth_runtime::{authorize, check};

#[check]
async fn owns_post() -> bool {
    true
}

#[authorize(policy(owns_post))]
async fn handler() {}

fn main() {
    let _app: auth_runtime::GuardedRouter<auth_runtime::Auth> =
        auth_runtime::GuardedRouter::new().route("/", auth_runtime::routing::get(handler));
}
