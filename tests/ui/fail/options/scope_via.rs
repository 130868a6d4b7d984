use auth_runtime::prelude::*;

#[require_scope("orders:read", via(bearer))]
async fn handler() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
