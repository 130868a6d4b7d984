use auth_runtime::protected;

#[protected(via(cookie))]
async fn handler() {}

fn main() {}
