use auth_runtime::Role;

#[derive(Role)]
enum Role {
    #[role(rename = "admin ")]
    Admin,
}

fn main() {}
