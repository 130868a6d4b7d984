use auth_runtime::check;

#[check]
async fn owns_post() {}

fn main() {}
