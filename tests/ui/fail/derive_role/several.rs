use auth_runtime::Role;

#[derive(Role)]
enum Role {
    #[role(rename = "")]
    Member,
    #[role(implies = Membr, colour = red)]
    Moderator(u8),
}

fn main() {}
