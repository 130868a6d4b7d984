use auth_runtime::{csrf_exempt, protected};

#[protected]
#[csrf_exempt(paths("/hooks"))]
async fn handler() {}

fn main() {}
