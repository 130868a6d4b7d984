use auth_runtime::Role;

#[derive(Role)]
enum Role {
    Member,
    #[role(implies = Member)]
    #[role(implies = Member)]
    Admin,
}

fn main() {}
