use auth_runtime::{Auth, GuardedRouter, public, routing::get};

#[public]
async fn declared() {}

async fn naked() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(declared).post(naked));
}
