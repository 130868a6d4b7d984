use auth_runtime::protected;

#[protected]
async unsafe fn handler() {}

fn main() {}
