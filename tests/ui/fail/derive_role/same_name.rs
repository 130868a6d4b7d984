use auth_runtime::Role;

#[derive(Role)]
enum Role {
    HTTPAdmin,
    HttpAdmin,
}

fn main() {}
