use auth_runtime::prelude::*;

#[protected(permission("orders:read"))]
async fn handler() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
