use auth_runtime::prelude::*;

#[public]
#[csrf_exempt]
async fn handler() {}

fn main() {
    let _app: auth_runtime::GuardedRouter<auth_runtime::Auth> =
        auth_runtime::GuardedRouter::new().route("/{id}", auth_runtime::routing::get(handler));
}
