use auth_runtime::{Role, require_role};

#[derive(Role)]
enum Role {
    Admin,
}

#[require_role("Role::Admin")]
async fn handler() {}

fn main() {
    let _app: auth_runtime::GuardedRouter<auth_runtime::Auth> =
        auth_runtime::GuardedRouter::new().route("/", auth_runtime::routing::get(handler));
}
