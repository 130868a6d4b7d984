use auth_runtime::{Role, require_role};

#[derive(Role)]
enum Role {
    Member,
    #[role(implies = Membr)]
    Admin,
}

#[require_role(Role::Member, Role::Admin)]
async fn handler() {}

fn main() {}
