use auth_runtime::authorize;

#[authorize(role("admin") & scope("posts:write"))]
async fn handler() {}

fn main() {}
