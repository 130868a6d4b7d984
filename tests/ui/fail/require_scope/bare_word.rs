use auth_runtime::require_scope;

#[require_scope(orders)]
async fn handler() {}

fn main() {}
