//! A session ends while it asks for a key. The request must leave no working key.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use auth_runtime::store::{ApiKeyRecord, ApiKeyStore};
use axum::http::Request;
use serde_json::{Value, json};

use super::super::{
    answers::Answer,
    cookies,
    failing::Flaky,
    world::{PASSWORD, World},
};

/// A user who is signed in, with a token or with a cookie.
struct Caller {
    world: World,
    store: Flaky,
    id: String,
    field: (&'static str, String),
}

impl Caller {
    async fn sign_in(with_cookie: bool) -> Self {
        let (world, store) = Flaky::world();
        let id = world.join("alice", &[]).await.id;
        let field = match with_cookie {
            true => ("cookie", cookies::cookie(&cookies::sign_in(&world, "alice").await)),
            false => ("authorization", format!("Bearer {}", world.login("alice", PASSWORD).await.text("access_token"))),
        };
        Self { world, store, id, field }
    }

    async fn ask(&self, path: &str, body: Value) -> Answer {
        let request = Request::post(format!("/auth/api-keys{path}")).header("content-type", "application/json");
        let request = request.header(self.field.0, &self.field.1).header("sec-fetch-site", "same-origin");
        self.world.send(request, body.to_string()).await
    }

    async fn create(&self) -> Answer {
        self.ask("", json!({ "name": "deploy", "scopes": [] })).await
    }

    /// Ends all sessions before a call of the store. The flag tells whether that has happened.
    fn end_sessions_before(&self, call: usize) -> Arc<AtomicBool> {
        let (administration, id) = (self.world.administration(), self.id.clone());
        let have_ended = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&have_ended);
        self.store.before(call, async move {
            assert_eq!(administration.end_sessions(&id).await.unwrap(), 1);
            told.store(true, Ordering::SeqCst);
        });
        have_ended
    }

    async fn working_keys(&self) -> Vec<ApiKeyRecord> {
        let (keys, now) = (self.store.inner.list_keys(&self.id).await.unwrap(), self.world.auth.clock().unix());
        keys.into_iter().filter(|key| !key.has_ended(now)).collect()
    }
}

#[tokio::test]
async fn a_session_that_ends_meanwhile_makes_no_key() {
    for with_cookie in [false, true] {
        for call in 0.. {
            let alice = Caller::sign_in(with_cookie).await;
            let have_ended = alice.end_sessions_before(call);
            let answer = alice.create().await;
            if !have_ended.load(Ordering::SeqCst) {
                assert_eq!((answer.status, alice.working_keys().await.len()), (201, 1), "{answer:?}");
                assert!(call > 3, "{call}");
                break;
            }
            answer.assert_problem(401, if with_cookie { "unauthenticated" } else { "invalid-token" });
            assert_eq!(alice.working_keys().await, [], "before call {call}");
        }
    }
}

#[tokio::test]
async fn a_session_that_ends_meanwhile_gets_no_key_in_the_place_of_another() {
    for with_cookie in [false, true] {
        for call in 0.. {
            let alice = Caller::sign_in(with_cookie).await;
            let old = alice.create().await.text("id");
            let have_ended = alice.end_sessions_before(call);
            let answer = alice.ask(&format!("/{old}/rotate"), json!({})).await;
            if !have_ended.load(Ordering::SeqCst) {
                assert_eq!((answer.status, alice.working_keys().await.len()), (201, 2), "{answer:?}");
                assert!(call > 3, "{call}");
                break;
            }
            answer.assert_problem(401, if with_cookie { "unauthenticated" } else { "invalid-token" });
            let working: Vec<_> = alice.working_keys().await.into_iter().map(|key| key.id).collect();
            assert_eq!(working, [old], "before call {call}");
        }
    }
}
