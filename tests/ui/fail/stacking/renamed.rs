use auth_runtime::{protected, require_role as needs};

#[protected]
#[needs("admin")]
async fn handler() {}

fn main() {}
