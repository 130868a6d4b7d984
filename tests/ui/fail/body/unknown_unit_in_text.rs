use auth_runtime::{body, public};

#[public]
#[body(max = "2mb", within = 10 s)]
async fn handler(_: String) {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::post};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", post(handler));
}
