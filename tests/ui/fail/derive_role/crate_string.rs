use auth_runtime::Role;

#[derive(Role)]
#[role(crate = "auth_runtime")]
enum Role {
    Admin,
}

fn main() {}
