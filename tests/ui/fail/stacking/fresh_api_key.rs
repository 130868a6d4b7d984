use auth_runtime::protected;

#[protected(via(api_key), fresh = 5 min)]
async fn handler() {}

fn main() {}
