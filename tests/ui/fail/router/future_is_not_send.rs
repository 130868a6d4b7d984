use std::rc::Rc;

use auth_runtime::{Auth, GuardedRouter, protected, routing::get};

async fn pause() {}

#[protected]
async fn count() {
    let kept = Rc::new(1);
    pause().await;
    drop(kept);
}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(count));
}
