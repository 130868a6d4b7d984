use auth_runtime::{Role, require_role};

#[derive(Role)]
enum Role {
    Member,
    #[role(implies = Member)]
    Admin,
}

#[require_role(Role::Admin, Role::Member)]
async fn handler() {}

fn main() {
    let _app: auth_runtime::GuardedRouter<auth_runtime::Auth> =
        auth_runtime::GuardedRouter::new().route("/", auth_runtime::routing::get(handler));
}
