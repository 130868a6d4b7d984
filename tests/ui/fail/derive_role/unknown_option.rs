use auth_runtime::Role;

#[derive(Role)]
enum Role {
    Member,
    #[role(implied = Member)]
    Admin,
}

#[auth_runtime::require_role(Role::Member)]
async fn handler() {}

fn main() {
    let _app: auth_runtime::GuardedRouter<auth_runtime::Auth> =
        auth_runtime::GuardedRouter::new().route("/", auth_runtime::routing::get(handler));
}
