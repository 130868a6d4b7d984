use auth_runtime::prelude::*;

#[public(fresh = 5 min)]
async fn handler() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
