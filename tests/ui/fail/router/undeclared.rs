use auth_runtime::{Auth, GuardedRouter, routing::get};

async fn naked() -> &'static str {
    "who may call this?"
}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(naked));
}
