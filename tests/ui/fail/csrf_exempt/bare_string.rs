use auth_runtime::{csrf_exempt, protected};

#[protected]
#[csrf_exempt("webhook")]
async fn handler() {}

fn main() {}
