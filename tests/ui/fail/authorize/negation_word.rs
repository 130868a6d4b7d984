use auth_runtime::authorize;

#[authorize(not role("admin"))]
async fn handler() {}

fn main() {}
