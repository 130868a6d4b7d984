use auth_runtime::{Identity, public};

#[public]
async fn handler(_who: axum::Extension<Identity>) {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
