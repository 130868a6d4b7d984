use auth_runtime::protected;

#[protected(mfa)]
async fn handler() {}

fn main() {}
