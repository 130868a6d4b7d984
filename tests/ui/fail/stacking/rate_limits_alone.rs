use auth_runtime::prelude::*;

#[rate_limit(10/min)]
#[rate_limit(100/day, by = ip)]
async fn handler() {}

fn main() {
    let _app: auth_runtime::GuardedRouter<auth_runtime::Auth> =
        auth_runtime::GuardedRouter::new().route("/{id}", auth_runtime::routing::get(handler));
}
