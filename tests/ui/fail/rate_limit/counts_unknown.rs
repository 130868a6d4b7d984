use auth_runtime::{authorize, check, rate_limit};

#[check]
async fn pin() -> bool {
    true
}

#[authorize(check(pin))]
#[rate_limit(5/min, by = global, counts = after_check)]
async fn handler() {}

fn main() {
    let _app: auth_runtime::GuardedRouter<auth_runtime::Auth> =
        auth_runtime::GuardedRouter::new().route("/{id}", auth_runtime::routing::get(handler));
}
