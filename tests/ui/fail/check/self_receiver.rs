use auth_runtime::check;

struct Posts;

impl Posts {
    #[check]
    async fn owned(&self) -> bool {
        true
    }
}

fn main() {}
