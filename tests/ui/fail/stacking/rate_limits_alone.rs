use auth_runtime::rate_limit;

#[rate_limit(10/min)]
#[rate_limit(100/day, by = ip)]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
