use auth_runtime::Role;

#[derive(Role)]
enum Role {
    #[role(implies = Admin)]
    Moderator,
    #[role(implies = Moderator)]
    Admin,
}

fn main() {}
