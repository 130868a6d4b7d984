use auth_runtime::authorize;

#[authorize(role())]
async fn handler() {}

fn main() {}
