use auth_runtime::check;

#[check]
const OWNS_POST: bool = true;

fn main() {}
