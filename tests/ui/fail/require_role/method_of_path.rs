use auth_runtime::{Role, require_role};

#[derive(Role)]
enum Role {
    Admin,
}

#[require_role(Role::Admin.as_ref())]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/{id}", get(handler));
}
