use auth_runtime::{Auth, GuardedRouter, authorize, check, routing::get};

#[check]
async extern "C" fn owns_post() -> bool {
    true
}

#[authorize(check(owns_post))]
async fn edit() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(edit));
}
