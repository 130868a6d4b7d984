use auth_runtime::{csrf_exempt, protected};

#[protected]
#[csrf_exempt(because = webhook)]
async fn handler() {}

fn main() {}
