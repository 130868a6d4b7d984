use auth_runtime::protected;

#[protected(fersh = 5 min)]
async fn handler() {}

fn main() {}
