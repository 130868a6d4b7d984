use auth_runtime::{protected, require_role};

#[require_role("editor")]
#[protected(role("admin"))]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
