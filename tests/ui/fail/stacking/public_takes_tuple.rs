use auth_runtime::{Identity, public};

use axum::extract::Path;

#[public]
async fn handler(_both: (Identity, Path<u8>)) {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
