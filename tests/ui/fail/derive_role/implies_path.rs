use auth_runtime::Role;

#[derive(Role)]
enum Role {
    Member,
    #[role(implies = Role::Member)]
    Admin,
}

fn main() {}
