use auth_runtime::{csrf_exempt, protected};

#[protected]
#[csrf_exempt(because = "  ")]
async fn handler() {}

fn main() {}
