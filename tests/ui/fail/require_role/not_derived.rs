use auth_runtime::{Auth, GuardedRouter, require_role, routing::get};

enum Level {
    Admin,
}

#[require_role(Level::Admin)]
async fn stop() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(stop));
}
