use auth_runtime::{protected, rate_limit};

#[protected]
#[rate_limit(10/min, by = path(""))]
async fn handler() {}

fn main() {}
