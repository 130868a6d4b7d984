use auth_runtime::prelude::*;

#[authorize(roles = ["billing", "admin"], mode = "all")]
async fn handler() {}

fn main() {
    let _app: auth_runtime::GuardedRouter<auth_runtime::Auth> =
        auth_runtime::GuardedRouter::new().route("/{id}", auth_runtime::routing::get(handler));
}
