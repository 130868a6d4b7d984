use auth_runtime::{body, public};

#[public]
#[body(within = 400 days)]
async fn handler(_: String) {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::post};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", post(handler));
}
