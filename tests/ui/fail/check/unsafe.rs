use auth_runtime::check;

#[check]
async unsafe fn owns_post() -> bool {
    true
}

fn main() {}
