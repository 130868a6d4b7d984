use auth_runtime::{csrf_exempt, protected};

#[protected(via(bearer))]
#[csrf_exempt(because = "signed by the payment provider")]
async fn handler() {}

fn main() {}
