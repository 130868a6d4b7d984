use auth_runtime::{protected, rate_limit};

#[protected]
#[rate_limit(10/min, by = user, name = "write")]
#[rate_limit(100/hour, by = ip, name = "write")]
async fn handler() {}

fn main() {
    let _app: auth_runtime::GuardedRouter<auth_runtime::Auth> =
        auth_runtime::GuardedRouter::new().route("/{id}", auth_runtime::routing::get(handler));
}
