use auth_runtime::require_scope;

#[require_scope("orders:read")]
#[require_scope("orders:write")]
async fn handler() {}

fn main() {}
