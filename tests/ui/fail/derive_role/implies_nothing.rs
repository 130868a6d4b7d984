use auth_runtime::Role;

#[derive(Role)]
enum Role {
    Member,
    #[role(implies())]
    Admin,
}

fn main() {}
