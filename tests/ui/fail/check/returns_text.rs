use auth_runtime::check;

#[check]
async fn owns_post() -> &'static str {
    "yes"
}

#[auth_runtime::authorize(check(owns_post))]
async fn edit() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(edit));
}
