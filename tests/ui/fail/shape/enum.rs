use auth_runtime::protected;

#[protected]
enum Handler {}

fn main() {}
