use auth_runtime::prelude::*;

#[derive(Role)]
enum Rank {
    Admin,
}

#[protected(Rank::Admin)]
async fn handler() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
