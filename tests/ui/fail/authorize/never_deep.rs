use auth_runtime::authorize;

#[authorize(scope("a") && (role("x") || role("y")) && !(role("x") || role("y")))]
async fn handler() {}

fn main() {}
