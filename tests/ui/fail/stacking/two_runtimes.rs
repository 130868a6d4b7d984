use auth_runtime::{protected, rate_limit};

extern crate auth_runtime as renamed;

#[protected(crate = ::auth_runtime)]
#[rate_limit(10/min, crate = renamed)]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
