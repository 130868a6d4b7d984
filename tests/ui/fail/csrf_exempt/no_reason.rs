use auth_runtime::{csrf_exempt, protected};

#[protected]
#[csrf_exempt]
async fn handler() {}

fn main() {}
