use auth_runtime::{public, rate_limit};

#[public]
#[rate_limit(10/min, group = "login")]
async fn handler() {}

fn main() {
    let _app: auth_runtime::GuardedRouter<auth_runtime::Auth> =
        auth_runtime::GuardedRouter::new().route("/", auth_runtime::routing::get(handler));
}
