use auth_runtime::{protected, rate_limit};

#[protected]
#[rate_limit(10/min, on_outage = dney)]
async fn handler() {}

fn main() {}
