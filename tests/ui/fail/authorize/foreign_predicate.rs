use auth_runtime::authorize;

#[authorize(user("alice"))]
async fn handler() {}

fn main() {}
