use auth_runtime::authorize;

#[authorize(admin)]
async fn handler() {}

fn main() {}
