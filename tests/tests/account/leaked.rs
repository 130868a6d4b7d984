//! Passwords that leaked elsewhere, at each endpoint that sets one.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use auth_runtime::password::{LeakKey, LeakedPasswords, PasswordPolicy};
use serde_json::json;

use super::world::{PASSWORD, World, defaults};

const LEAKED: &str = "a walk in the rain";

/// A list with one password, which counts how often it is asked.
#[derive(Clone, Default)]
struct One(Arc<AtomicUsize>);

impl LeakedPasswords for One {
    fn contains<'a>(&'a self, key: &'a LeakKey) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>> {
        Box::pin(async move {
            self.0.fetch_add(1, Ordering::Relaxed);
            key.digits() == LeakKey::of(&LEAKED.into()).digits()
        })
    }
}

#[tokio::test]
async fn a_leaked_password_can_neither_be_chosen_nor_changed_to() {
    let list = One::default();
    let policy = PasswordPolicy::default().breached(list.clone());
    let world = World::in_memory(|builder| defaults(builder).password_policy(policy));
    let refused = world.register("alice", LEAKED).await;
    refused.assert_problem(422, "invalid-body");
    let told =
        json!([{ "pointer": "/password", "message": "was published in a leak of passwords; choose another one" }]);
    assert_eq!(refused.json()["errors"], told);
    // A password with another fault is not asked for.
    assert_eq!(world.register("alice", "short").await.status, 422);
    assert_eq!(list.0.load(Ordering::Relaxed), 1);
    assert_eq!(world.register("alice", PASSWORD).await.status, 201);
    let token = world.login("alice", PASSWORD).await.text("access_token");
    let change = json!({ "current_password": PASSWORD, "new_password": LEAKED });
    let refused = world.json_as(&token, "/auth/password", &change).await;
    refused.assert_problem(422, "invalid-body");
    assert_eq!(refused.json()["errors"][0]["pointer"], "/new_password");
    assert_eq!(world.login("alice", PASSWORD).await.status, 200);
}
