use auth_runtime::{protected, rate_limit};

#[protected]
#[rate_limit = "10/min"]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/{id}", get(handler));
}
