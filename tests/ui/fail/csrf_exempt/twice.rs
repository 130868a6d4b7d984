use auth_runtime::{csrf_exempt, protected};

#[protected]
#[csrf_exempt(because = "signed by the payment provider")]
#[csrf_exempt(because = "changes nothing")]
async fn handler() {}

fn main() {}
