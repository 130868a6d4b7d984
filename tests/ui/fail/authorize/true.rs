use auth_runtime::authorize;

#[authorize(true)]
async fn handler() {}

fn main() {}
