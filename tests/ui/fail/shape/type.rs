use auth_runtime::protected;

#[protected]
type Handler = fn();

fn main() {}
