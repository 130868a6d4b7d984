use auth_runtime::Role;

#[derive(Role)]
enum Role {
    #[role(implies = Admin)]
    Member,
    #[role(implies = Member)]
    Moderator,
    #[role(implies = Moderator)]
    Admin,
}

fn main() {}
