use auth_runtime::prelude::*;

#[protected]
#[rate_limit(10/min, burst: 3)]
async fn handler() {}

fn main() {
    let _app: auth_runtime::GuardedRouter<auth_runtime::Auth> =
        auth_runtime::GuardedRouter::new().route("/{id}", auth_runtime::routing::get(handler));
}
