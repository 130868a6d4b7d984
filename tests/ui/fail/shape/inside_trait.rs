use auth_runtime::protected;

trait Api {
    #[protected]
    async fn handler() -> &'static str {
        "ok"
    }
}

fn main() {}
