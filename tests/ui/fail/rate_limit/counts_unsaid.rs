use auth_runtime::{authorize, check, rate_limit};

#[check]
async fn pin() -> bool {
    true
}

#[authorize(role("nurse") && check(pin))]
#[rate_limit(5/min, by = header("x-clinic"))]
async fn handler() {}

fn main() {
    let _app: auth_runtime::GuardedRouter<auth_runtime::Auth> =
        auth_runtime::GuardedRouter::new().route("/{id}", auth_runtime::routing::get(handler));
}
