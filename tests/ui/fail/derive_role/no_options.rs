use auth_runtime::Role;

#[derive(Role)]
enum Role {
    #[role]
    Admin,
}

fn main() {}
