use auth_runtime::prelude::*;

#[public(rate = "100/min")]
async fn handler() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
