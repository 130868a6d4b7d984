use auth_runtime::authorize;

#[authorize(!authenticated)]
async fn handler() {}

fn main() {}
