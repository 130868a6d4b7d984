use auth_runtime::{Role, require_role};

#[derive(Role)]
struct Role {
    admin: bool,
}

#[require_role(Role::Admin)]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
