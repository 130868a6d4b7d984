use auth_runtime::prelude::*;

#[protected(permit_all)]
async fn handler() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
