use auth_runtime::authorize;

#[authorize(role = "admin")]
async fn handler() {}

fn main() {}
