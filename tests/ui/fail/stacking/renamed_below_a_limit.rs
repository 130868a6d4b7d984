use auth_runtime::{rate_limit, require_role as needs};

#[rate_limit(10/min)]
#[needs("admin")]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
