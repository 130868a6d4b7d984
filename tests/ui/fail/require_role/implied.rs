use auth_runtime::{Role, require_role};

#[derive(Role)]
enum Role {
    Member,
    #[role(implies = Member)]
    Admin,
}

#[require_role(Role::Admin, Role::Member)]
async fn handler() {}

fn main() {}
