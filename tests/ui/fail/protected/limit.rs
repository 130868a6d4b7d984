use auth_runtime::prelude::*;

#[protected(limit = "10/min")]
async fn handler() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
