use auth_runtime::prelude::*;

#[require_role("admin")]
#[rate_limit(10/min, via(bearer))]
async fn handler() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
