use auth_runtime::{Issuer, protected};

#[derive(Issuer)]
struct Trusted {
    corporate: bool,
}

#[protected]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
