use std::sync::Arc;

use auth_runtime::{GuardedRouter, protected, routing::get};

struct App;

#[protected]
async fn handler() {}

fn main() {
    let _app: GuardedRouter<Arc<App>> = GuardedRouter::new().route("/x", get(handler));
}
