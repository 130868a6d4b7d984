use auth_runtime::protected;

#[protected(fresh = 99999999 day)]
async fn handler() {}

fn main() {}
