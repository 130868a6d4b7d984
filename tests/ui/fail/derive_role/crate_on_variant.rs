use auth_runtime::Role;

#[derive(Role)]
enum Role {
    #[role(crate = ::auth_runtime)]
    Admin,
}

fn main() {}
