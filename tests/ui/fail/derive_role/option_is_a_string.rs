use auth_runtime::Role;

#[derive(Role)]
enum Role {
    #[role("root")]
    Admin,
}

fn main() {}
