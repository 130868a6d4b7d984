use auth_runtime::require_role;

#[require_role()]
async fn handler() {}

fn main() {}
