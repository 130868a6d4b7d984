use auth_runtime::Role;

#[derive(Role)]
enum Role {
    Member,
    Owner(u64),
}

fn main() {}
