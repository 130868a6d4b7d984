use auth_runtime::{Auth, GuardedRouter, protected, routing::get};
use axum::{extract::Request, handler::Handler};

#[derive(Clone)]
struct Wrapper<H>(H);

impl<T: 'static, S, H: Handler<T, S>> Handler<T, S> for Wrapper<H> {
    type Future = H::Future;

    fn call(self, request: Request, state: S) -> H::Future {
        self.0.call(request, state)
    }
}

#[protected]
async fn me() {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/me", get(Wrapper(me)));
}
