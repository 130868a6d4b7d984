use auth_runtime::{Auth, GuardedRouter, Identity, protected, routing::post};

#[protected]
async fn save(_body: String, _who: Identity) {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", post(save));
}
