use auth_runtime::authorize;

#[authorize(authenticated || role("admin"))]
async fn handler() {}

fn main() {}
