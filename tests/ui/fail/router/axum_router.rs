use auth_runtime::{Auth, GuardedRouter};
use axum::{Router, routing::get};

async fn metrics() {}

fn main() {
    let metrics = Router::<Auth>::new().route("/metrics", get(metrics));
    let _app: GuardedRouter<Auth> = GuardedRouter::new().merge(metrics);
}
