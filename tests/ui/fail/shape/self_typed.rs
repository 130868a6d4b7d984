use auth_runtime::protected;

struct Api;

impl Api {
    #[protected]
    async fn handler(self: Box<Self>) {}
}

fn main() {}
