use auth_runtime::prelude::*;

#[protected(roles = ["admin", "moderator"])]
async fn handler() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
