use auth_runtime::{csrf_exempt, protected};

#[protected]
#[csrf_exempt(becuase = "webhook")]
async fn handler() {}

fn main() {}
