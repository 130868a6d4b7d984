use auth_runtime::check;

#[check]
fn owns_post() -> bool {
    true
}

#[auth_runtime::authorize(check(owns_post))]
async fn edit() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(edit));
}
