use auth_runtime::{protected, rate_limit};

#[protected]
#[rate_limit(10/min, key = request.headers["X-Real-IP"])]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
