use auth_runtime::require_scope;

#[require_scope("orders:read", "orders:read")]
async fn handler() {}

fn main() {}
