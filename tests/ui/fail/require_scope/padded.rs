use auth_runtime::require_scope;

#[require_scope(" orders:read")]
async fn handler() {}

fn main() {}
