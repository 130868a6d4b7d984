use auth_runtime::{Auth, GuardedRouter, Role, authorize, require_role, routing::get};

#[derive(Role)]
enum Role {
    Member,
    #[role(implies = Member)]
    Admin,
}

#[require_role(Role::Admin)]
#[authorize(!role("admin"))]
async fn list() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/posts", get(list));
}
