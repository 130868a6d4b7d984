use auth_runtime::require_scope;

#[require_scope("orders:read orders:write")]
async fn handler() {}

fn main() {}
