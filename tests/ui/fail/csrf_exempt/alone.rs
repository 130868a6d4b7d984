use auth_runtime::csrf_exempt;

#[csrf_exempt(because = "signed by the payment provider")]
async fn handler() {}

fn main() {}
