use auth_runtime::prelude::*;

#[require_role("admin", scope("orders:read"))]
async fn handler() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
