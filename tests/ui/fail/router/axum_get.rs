use auth_runtime::{Auth, GuardedRouter, protected};
use axum::routing::get;

#[protected]
async fn me() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/me", get(me));
}
