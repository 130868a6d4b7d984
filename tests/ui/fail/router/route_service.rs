use auth_runtime::{Auth, GuardedRouter};
use axum::Router;

fn main() {
    let assets: Router = Router::new();
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route_service("/logo.svg", assets);
}
