use auth_runtime::Role;

#[derive(Role)]
enum Role {
    Member,
    #[role(implied = Member)]
    Admin,
}

fn main() {}
