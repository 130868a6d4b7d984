use auth_runtime::protected;

#[protected(fresh = 5)]
async fn handler() {}

fn main() {}
