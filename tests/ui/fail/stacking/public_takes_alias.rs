use auth_runtime::{Identity, public};

type Caller = Identity;

#[public]
async fn handler(_who: Caller) {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
