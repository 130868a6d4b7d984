use auth_runtime::{protected, public, require_role, require_scope};

#[public]
#[protected]
#[require_role("admin")]
#[require_scope("orders:read")]
async fn handler() {}

fn main() {}
