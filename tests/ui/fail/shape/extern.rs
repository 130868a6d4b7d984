use auth_runtime::protected;

#[protected]
async extern "C" fn handler() {}

fn main() {}
