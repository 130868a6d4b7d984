use auth_runtime::prelude::*;

#[protected]
async fn publish(Valid(_): Valid<String>) {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/posts", post(publish));
}
