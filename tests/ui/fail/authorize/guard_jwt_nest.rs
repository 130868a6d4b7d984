use auth_runtime::authorize;

#[authorize(UseGuards(AuthGuard("jwt")))]
async fn handler() {}

#[allow(unused_imports, reason = "what the help names is in scope")]
use auth_runtime::protected;

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/{id}", get(handler));
}
