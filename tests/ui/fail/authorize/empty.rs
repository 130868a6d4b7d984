use auth_runtime::authorize;

#[authorize()]
async fn handler() {}

fn main() {}
