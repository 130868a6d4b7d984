use auth_runtime::protected;

#[protected(fresh = 0 min)]
async fn handler() {}

fn main() {}
