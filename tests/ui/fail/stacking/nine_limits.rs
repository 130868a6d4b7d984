use auth_runtime::{protected, rate_limit};

#[protected]
#[rate_limit(1/1 min, by = header("x-1"))]
#[rate_limit(2/2 min, by = header("x-2"))]
#[rate_limit(3/3 min, by = header("x-3"))]
#[rate_limit(4/4 min, by = header("x-4"))]
#[rate_limit(5/5 min, by = header("x-5"))]
#[rate_limit(6/6 min, by = header("x-6"))]
#[rate_limit(7/7 min, by = header("x-7"))]
#[rate_limit(8/8 min, by = header("x-8"))]
#[rate_limit(9/9 min, by = header("x-9"))]
async fn handler() {}

fn main() {
    let _app: auth_runtime::GuardedRouter<auth_runtime::Auth> =
        auth_runtime::GuardedRouter::new().route("/{id}", auth_runtime::routing::get(handler));
}
