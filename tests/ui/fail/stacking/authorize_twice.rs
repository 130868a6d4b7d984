use auth_runtime::authorize;

#[authorize(role("admin"))]
#[authorize(scope("orders:write"))]
async fn handler() {}

fn main() {}
