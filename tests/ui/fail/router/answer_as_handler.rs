use auth_runtime::{Auth, GuardedRouter, routing::get};

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get("ok"));
}
