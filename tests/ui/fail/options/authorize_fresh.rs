use auth_runtime::prelude::*;

#[authorize(role("admin"), fresh = 5 min)]
async fn handler() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
