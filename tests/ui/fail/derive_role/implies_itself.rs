use auth_runtime::Role;

#[derive(Role)]
enum Role {
    Member,
    #[role(implies = Admin)]
    Admin,
}

fn main() {}
