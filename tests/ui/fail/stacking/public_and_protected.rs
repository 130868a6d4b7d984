use auth_runtime::{protected, public};

#[public]
#[protected]
async fn handler() {}

fn main() {}
