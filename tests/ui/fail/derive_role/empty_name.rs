use auth_runtime::Role;

#[derive(Role)]
enum Role {
    #[role(rename = "")]
    SuperAdmin,
}

fn main() {}
