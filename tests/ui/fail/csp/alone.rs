use auth_runtime::csp;

#[csp(frame_ancestors(none))]
async fn handler() {}

#[allow(unused_imports, reason = "what the help names is in scope")]
use auth_runtime::protected;

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
