use auth_runtime::Role;

#[derive(Role)]
struct Admin;

fn main() {}
