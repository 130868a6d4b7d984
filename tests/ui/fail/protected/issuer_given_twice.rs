use auth_runtime::{Issuer, protected};

#[derive(Issuer)]
enum Trusted {
    Corporate,
    Partner,
}

#[protected(issuer = Trusted::Corporate, issuer = Trusted::Partner)]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
