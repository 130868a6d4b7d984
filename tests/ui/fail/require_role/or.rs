use auth_runtime::require_role;

#[require_role("admin" || "editor")]
async fn handler() {}

fn main() {}
