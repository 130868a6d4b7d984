use auth_runtime::{protected, rate_limit};

#[protected]
#[rate_limit(10/min, by = endpoint)]
async fn handler() {}

fn main() {
    let _app: auth_runtime::GuardedRouter<auth_runtime::Auth> =
        auth_runtime::GuardedRouter::new().route("/", auth_runtime::routing::get(handler));
}
