use auth_runtime::protected;

#[protected(fresh = 5 mni)]
async fn handler() {}

fn main() {}
