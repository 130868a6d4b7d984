use auth_runtime::check;

#[check]
async fn owns_post() -> Option<bool> {
    None
}

fn main() {}
