use auth_runtime::{guard::CsrfToken, protected};

#[protected(via(bearer))]
async fn handler(token: CsrfToken) -> String {
    token.to_string()
}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
