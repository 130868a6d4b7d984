use auth_runtime::{Issuer, protected};

#[derive(Issuer)]
enum Trusted {
    #[issuer(url = "https://login.corporate.example")]
    Corporate,
}

#[protected(issuer = Trusted::Corporate)]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
