use auth_runtime::{public, rate_limit};

#[public]
#[rate_limit(10/min, by = api_key)]
async fn handler() {}

fn main() {}
