use auth_runtime::{Auth, GuardedRouter, authorize, check, identity::Identity, routing::get};

#[check]
async fn is_owner(who: &Identity) -> bool {
    who.subject() == "1"
}

#[authorize(check(is_owner))]
async fn edit() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(edit));
}
