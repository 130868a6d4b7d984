use auth_runtime::{Issuer, protected};

#[derive(Issuer)]
enum Trusted<T> {
    Corporate,
    Of(std::marker::PhantomData<T>),
}

#[protected]
async fn handler() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(handler));
}
