use auth_runtime::public;

#[public(max = 2 MiB)]
async fn handler(_: String) {}

#[allow(unused_imports, reason = "what the help names is in scope")]
use auth_runtime::body;

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::post};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", post(handler));
}
