use auth_runtime::check;

#[check]
async fn owns_post(id: axum::extract::Path<u64>, body: String) -> bool {
    body.len() as u64 == id.0
}

#[auth_runtime::authorize(check(owns_post))]
async fn edit() {}

fn main() {
    use auth_runtime::{Auth, GuardedRouter, routing::get};

    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/x", get(edit));
}
