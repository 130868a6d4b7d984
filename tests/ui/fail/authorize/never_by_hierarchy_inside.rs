use auth_runtime::{Auth, GuardedRouter, Role, authorize, routing::get};

#[derive(Role)]
enum Role {
    Member,
    #[role(implies = Member)]
    Admin,
}

#[authorize(scope("posts:read") || role(Role::Admin) && !role(Role::Member))]
async fn list() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/posts", get(list));
}
