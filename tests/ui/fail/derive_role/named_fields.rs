use auth_runtime::Role;

#[derive(Role)]
enum Role {
    Member,
    Owner { of: u64 },
}

fn main() {}
