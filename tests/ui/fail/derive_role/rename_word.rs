use auth_runtime::Role;

#[derive(Role)]
enum Role {
    #[role(rename = root)]
    Admin,
}

fn main() {}
