use auth_runtime::check;

#[check]
async fn owns_post() -> &'static str {
    "yes"
}

fn main() {}
