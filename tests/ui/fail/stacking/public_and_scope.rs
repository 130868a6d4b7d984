use auth_runtime::{public, require_scope};

#[public]
#[require_scope("orders:read")]
async fn handler() {}

fn main() {}
