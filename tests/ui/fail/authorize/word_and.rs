use auth_runtime::authorize;

#[authorize(role("admin") and scope("posts:write"))]
async fn handler() {}

fn main() {}
