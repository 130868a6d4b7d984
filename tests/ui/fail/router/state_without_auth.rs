use auth_runtime::{GuardedRouter, protected, routing::get};

#[derive(Clone)]
struct App;

#[protected]
async fn handler() {}

fn main() {
    let _app: GuardedRouter<App> = GuardedRouter::new().route("/x", get(handler));
}
