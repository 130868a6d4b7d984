use auth_runtime::authorize;

#[authorize(scope(Scope::Read))]
async fn handler() {}

fn main() {}
