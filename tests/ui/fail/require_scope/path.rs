use auth_runtime::require_scope;

#[require_scope(Scope::Read)]
async fn handler() {}

fn main() {}
