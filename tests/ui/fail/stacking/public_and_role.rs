use auth_runtime::{public, require_role};

#[require_role("admin")]
#[public]
async fn handler() {}

fn main() {}
