use auth_runtime::protected;

#[protected]
struct Handler;

fn main() {}
