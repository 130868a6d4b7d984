use auth_runtime::{body, public};

#[public]
#[body(max = 2 MiB)]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::post};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", post(handler));
}
