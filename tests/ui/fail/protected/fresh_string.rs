use auth_runtime::protected;

#[protected(fresh = "5 min")]
async fn handler() {}

fn main() {}
