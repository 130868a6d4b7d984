use auth_runtime::Role;

#[derive(Role)]
#[role(rename_all = "UPPERCASE")]
enum Role {
    Member,
}

fn main() {}
