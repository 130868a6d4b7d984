#![deny(dead_code)]

use auth_runtime::{Auth, GuardedRouter, check, protected, routing::put};

#[check]
async fn owns_post() -> bool {
    true
}

#[protected]
async fn edit() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/posts", put(edit));
}
