use auth_runtime::check;

use std::rc::Rc;

#[check]
async fn owns_post() -> bool {
    let shared = Rc::new(true);
    later().await;
    *shared
}

async fn later() {}

fn main() {}
