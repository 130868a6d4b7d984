use auth_runtime::{csrf_exempt, protected};

#[csrf_exempt(because = "signed by the payment provider")]
#[protected(via(api_key))]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
