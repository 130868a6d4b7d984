use auth_runtime::protected;

struct Handlers;

#[protected]
impl Handlers {}

fn main() {}
