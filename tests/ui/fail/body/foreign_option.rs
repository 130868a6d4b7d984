use auth_runtime::{body, public};

#[public]
#[body(limit = "2 MiB", timeout = 10)]
async fn handler(_: String) {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::post};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", post(handler));
}
