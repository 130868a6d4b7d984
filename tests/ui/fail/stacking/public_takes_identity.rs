use auth_runtime::{Identity, public};

#[public]
async fn handler(who: Identity) -> String {
    who.subject().to_owned()
}

fn main() {}
