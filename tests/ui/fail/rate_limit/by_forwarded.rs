use auth_runtime::{public, rate_limit};

#[public]
#[rate_limit(10/min, by = header("X-Forwarded-For"))]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
