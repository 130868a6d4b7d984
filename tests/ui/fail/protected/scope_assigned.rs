use auth_runtime::prelude::*;

#[protected(scope = "orders:read orders:write")]
async fn handler() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
