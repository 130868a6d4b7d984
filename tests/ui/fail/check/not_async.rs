use auth_runtime::check;

#[check]
fn owns_post() -> bool {
    true
}

fn main() {}
