use auth_runtime::{rate_limit, require_role};

#[require_role("nurse")]
#[rate_limit(5/min, by = global, counts = after_checks)]
async fn handler() {}

fn main() {
    let _app: auth_runtime::GuardedRouter<auth_runtime::Auth> =
        auth_runtime::GuardedRouter::new().route("/{id}", auth_runtime::routing::get(handler));
}
