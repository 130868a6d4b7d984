use auth_runtime::authorize;

#[authorize(rloe("admin"))]
async fn handler() {}

fn main() {}
