use auth_runtime::authorize;

#[authorize(check)]
async fn handler() {}

fn main() {}
