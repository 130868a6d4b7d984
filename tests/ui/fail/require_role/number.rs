use auth_runtime::require_role;

#[require_role(1)]
async fn handler() {}

fn main() {}
