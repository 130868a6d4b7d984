use auth_runtime::authorize;

#[authorize(check(owns_post()))]
async fn handler() {}

fn main() {}
