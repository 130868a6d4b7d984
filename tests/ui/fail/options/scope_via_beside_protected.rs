use auth_runtime::{protected, require_scope};

#[protected(fresh = 5 min)]
#[require_scope("orders:read", via(bearer))]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
