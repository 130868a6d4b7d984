use auth_runtime::{guard::CsrfToken, protected};

#[protected(via(bearer))]
async fn handler(_token: Option<CsrfToken>) {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/{id}", get(handler));
}
