use auth_runtime::Role;

#[derive(Role)]
enum Role<const LEVEL: u8> {
    Member,
}

fn main() {}
