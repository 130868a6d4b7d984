use auth_runtime::Role;

#[derive(Role)]
enum Role {
    Member,
    #[role(implies = Owner)]
    Admin,
}

fn main() {}
