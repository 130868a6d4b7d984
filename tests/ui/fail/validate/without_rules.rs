use auth_runtime::prelude::*;

struct NewPost {
    _title: String,
}

impl<'de> serde::Deserialize<'de> for NewPost {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self { _title: serde::Deserialize::deserialize(deserializer)? })
    }
}

#[protected]
async fn publish(Valid(Json(_)): Valid<Json<NewPost>>) {}

fn main() {
    let _app: GuardedRouter<Auth> = GuardedRouter::new().route("/posts", post(publish));
}
