use auth_runtime::protected;

#[protected(crate = "auth_runtime")]
async fn handler() {}

fn main() {}
