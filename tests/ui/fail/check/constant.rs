use auth_runtime::check;

#[check]
const OWNS_POST: bool = true;

#[auth_runtime::authorize(check(OWNS_POST))]
async fn edit() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(edit));
}
