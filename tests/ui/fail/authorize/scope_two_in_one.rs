use auth_runtime::authorize;

#[authorize(scope("posts:read posts:write"))]
async fn handler() {}

fn main() {}
