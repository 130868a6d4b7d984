use auth_runtime::check;

#[check(owns_post)]
async fn owns_post() -> bool {
    true
}

fn main() {}
