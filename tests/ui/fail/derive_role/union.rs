use auth_runtime::Role;

#[derive(Role)]
union Role {
    member: u8,
    admin: u8,
}

fn main() {}
