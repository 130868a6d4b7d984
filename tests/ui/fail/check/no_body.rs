use auth_runtime::check;

trait Posts {
    #[check]
    async fn owned() -> bool;
}

fn main() {}
