use auth_runtime::{Issuer, protected};

#[derive(Issuer)]
enum Trusted {
    Corporate,
    Partner,
}

#[protected(issuer = Trusted::Corporat)]
async fn handler() {}

const _PARTNER: Trusted = Trusted::Partner;

const _CORPORATE: Trusted = Trusted::Corporate;

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
