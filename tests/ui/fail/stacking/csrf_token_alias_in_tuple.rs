use auth_runtime::{Identity, guard::CsrfToken, protected, require_scope};

type FormToken = CsrfToken;

#[protected(via(api_key))]
#[require_scope("notes:write")]
async fn handler(both: (Identity, FormToken)) -> String {
    format!("{} {}", both.0.subject(), both.1)
}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
