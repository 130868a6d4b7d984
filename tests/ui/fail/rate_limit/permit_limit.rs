use auth_runtime::{protected, rate_limit};

#[protected]
#[rate_limit(permitLimit = 4, window = TimeSpan.FromSeconds(12))]
async fn handler() {}

fn main() {
    let _app: auth_runtime::GuardedRouter<auth_runtime::Auth> =
        auth_runtime::GuardedRouter::new().route("/{id}", auth_runtime::routing::get(handler));
}
