use auth_runtime::prelude::*;

#[derive(Issuer)]
enum Trusted {
    Corporate,
}

#[authorize(role("admin"), issuer = Trusted::Corporate)]
async fn handler() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
