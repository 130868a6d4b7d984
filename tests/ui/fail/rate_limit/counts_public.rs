use auth_runtime::{public, rate_limit};

#[public]
#[rate_limit(5/min, by = global, counts = before_checks)]
async fn handler() {}

fn main() {
    let _app: auth_runtime::GuardedRouter<auth_runtime::Auth> =
        auth_runtime::GuardedRouter::new().route("/{id}", auth_runtime::routing::get(handler));
}
