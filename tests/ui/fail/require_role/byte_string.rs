use auth_runtime::require_role;

#[require_role(b"admin")]
async fn handler() {}

fn main() {}
