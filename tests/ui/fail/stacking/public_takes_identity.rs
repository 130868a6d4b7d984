use auth_runtime::{Identity, public};

#[public]
async fn handler(who: Identity) -> String {
    who.subject().to_owned()
}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
