use auth_runtime::{Role, require_role};

#[derive(Role)]
enum Role {
    Admin,
}

#[require_role(Role::Admin, Role::Admin)]
async fn handler() {}

fn main() {}
