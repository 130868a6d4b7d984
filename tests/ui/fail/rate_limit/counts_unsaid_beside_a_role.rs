use auth_runtime::{authorize, check, rate_limit, require_role};

#[check]
async fn pin() -> bool {
    true
}

#[rate_limit(5/min, by = global)]
#[require_role("nurse")]
#[authorize(check(pin))]
async fn handler() {}

fn main() {
    let _app: auth_runtime::GuardedRouter<auth_runtime::Auth> =
        auth_runtime::GuardedRouter::new().route("/{id}", auth_runtime::routing::get(handler));
}
