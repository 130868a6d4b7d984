use auth_runtime::protected;

trait Api {
    #[protected]
    async fn handler();
}

fn main() {}
