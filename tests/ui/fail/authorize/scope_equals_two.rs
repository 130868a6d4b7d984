use auth_runtime::authorize;

#[authorize(scope = "posts:read posts:write")]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/{id}", get(handler));
}
