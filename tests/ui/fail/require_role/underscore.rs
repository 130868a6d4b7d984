use auth_runtime::require_role;

#[require_role(_)]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/{id}", get(handler));
}
