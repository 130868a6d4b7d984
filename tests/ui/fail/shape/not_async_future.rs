use auth_runtime::public;

use std::future::{Ready, ready};

#[public]
pub fn handler() -> Ready<&'static str> {
    ready("hello")
}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
