use auth_runtime::{authorize, require_scope};

#[authorize(scope("orders:read"))]
async fn other() {}

#[require_scope("orders:read|orders:write")]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/{id}", get(handler));
}
