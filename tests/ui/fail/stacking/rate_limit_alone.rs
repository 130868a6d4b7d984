use auth_runtime::rate_limit;

#[rate_limit(10/min)]
async fn handler() {}

fn main() {}
