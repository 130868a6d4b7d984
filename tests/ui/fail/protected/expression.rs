use auth_runtime::prelude::*;

#[protected(role("admin") || scope("orders:write"))]
async fn handler() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
