use auth_runtime::require_role;

#[require_role("admin", "editor", "admin")]
async fn handler() {}

fn main() {}
