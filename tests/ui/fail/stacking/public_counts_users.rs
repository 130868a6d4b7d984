use auth_runtime::{public, rate_limit};

#[public]
#[rate_limit(10/min, by = user)]
async fn handler() {}

fn main() {}
