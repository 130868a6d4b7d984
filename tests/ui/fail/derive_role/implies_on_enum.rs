use auth_runtime::Role;

#[derive(Role)]
#[role(implies = Member)]
enum Role {
    Member,
    Admin,
}

fn main() {}
