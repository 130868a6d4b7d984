use auth_runtime::{authorize, check, guard::CsrfToken, protected};

#[check]
async fn is_form(_token: CsrfToken) -> bool {
    true
}

#[protected(via(api_key))]
#[authorize(check(is_form))]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/{id}", get(handler));
}
