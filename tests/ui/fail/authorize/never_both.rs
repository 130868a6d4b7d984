use auth_runtime::authorize;

#[authorize(role("admin") && !role("admin"))]
async fn handler() {}

fn main() {}
