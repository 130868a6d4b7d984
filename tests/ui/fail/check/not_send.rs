use auth_runtime::check;

use std::rc::Rc;

#[check]
async fn owns_post() -> bool {
    let shared = Rc::new(true);
    later().await;
    *shared
}

async fn later() {}

#[auth_runtime::authorize(check(owns_post))]
async fn edit() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(edit));
}
