use auth_runtime::{csp, public};

#[public]
#[csp(policyDirectives("img-src 'self' https://images.example.com; object-src 'none'"))]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
