use auth_runtime::prelude::*;

#[authorize("ability:check-status,place-orders")]
async fn handler() {}

fn main() {
    let _app: auth_runtime::GuardedRouter<auth_runtime::Auth> =
        auth_runtime::GuardedRouter::new().route("/{id}", auth_runtime::routing::get(handler));
}
