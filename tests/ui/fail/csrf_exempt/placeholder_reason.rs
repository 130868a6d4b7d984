use auth_runtime::{csrf_exempt, protected};

#[protected]
#[csrf_exempt(because = "...")]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
