use auth_runtime::{protected, rate_limit};

#[protected]
#[rate_limit(60, 1)]
async fn handler() {}

fn main() {
    let _app: auth_runtime::GuardedRouter<auth_runtime::Auth> =
        auth_runtime::GuardedRouter::new().route("/{id}", auth_runtime::routing::get(handler));
}
