use auth_runtime::{protected, rate_limit};

#[protected]
#[rate_limit(per_second = 2, burst_size = 5)]
async fn handler() {}

fn main() {
    let _app: auth_runtime::GuardedRouter<auth_runtime::Auth> =
        auth_runtime::GuardedRouter::new().route("/{id}", auth_runtime::routing::get(handler));
}
