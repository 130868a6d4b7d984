use auth_runtime::{authorize, protected};

#[authorize(scope("orders:read"))]
async fn other() {}

#[protected(scopes = "orders:read|orders:write")]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/{id}", get(handler));
}
