use auth_runtime::{protected, public, require_role, require_scope};

#[public]
#[protected]
#[require_role("admin")]
#[require_scope("orders:read")]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
