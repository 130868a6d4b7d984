use auth_runtime::{Identity, public};

type Caller = Identity;

#[public]
async fn handler(_who: Caller) {}

fn main() {}
