use auth_runtime::protected;

#[protected]
fn handler() -> &'static str {
    "hello"
}

fn main() {}
