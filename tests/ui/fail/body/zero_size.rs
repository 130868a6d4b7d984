use auth_runtime::{body, public};

#[public]
#[body(max = 0 MiB)]
async fn handler(_: String) {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::post};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", post(handler));
}
