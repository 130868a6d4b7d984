//! Callers that an application's authenticator identifies as users here, with a session that belongs to a credential of
//! another kind.

use auth_runtime::{
    authn::{Authenticator, AuthnError},
    clock::UnixTime,
    identity::Identity,
    policy::Via,
    store::BoxFuture,
};
use axum::http::{HeaderMap, Request};
use serde_json::json;

use super::{
    answers::Answer,
    cookies::{browse, cookie, sign_in},
    world::{PASSWORD, World, defaults},
};

/// Accepts every `x-session: <user> <session>`, which stands for a cookie, or every `Bearer other:<user>:<session>`.
struct Other(Via);

impl Authenticator for Other {
    fn via(&self) -> Via {
        self.0
    }

    fn takes_bearer(&self, token: &str) -> bool {
        self.0 == Via::BEARER && token.starts_with("other:")
    }

    fn find<'r>(&self, headers: &'r HeaderMap) -> Result<Option<&'r str>, AuthnError> {
        Ok(headers.get("x-session").filter(|_| self.0 == Via::SESSION).map(|value| value.to_str().unwrap()))
    }

    fn authenticate<'a>(&'a self, text: &'a str, now: UnixTime) -> BoxFuture<'a, Result<Identity, AuthnError>> {
        let (user, session) = text.trim_start_matches("other:").split_once(':').unwrap();
        let identity = Identity::builder(user, self.0).of_this_service().session(session).auth_time(now).build();
        Box::pin(async move { Ok(identity) })
    }
}

struct Caller {
    world: World,
    user: String,
    /// The session that the credential names.
    session: String,
    field: (&'static str, String),
}

impl Caller {
    /// Returns Alice, identified by `kind`, with a session that another kind of credential continues.
    async fn new(kind: Via) -> (Self, String) {
        let world = World::in_memory(|builder| defaults(builder).authenticator(Other(kind)));
        let user = world.join("alice", &[]).await.id;
        let credential = if kind == Via::SESSION {
            world.login("alice", PASSWORD).await.text("access_token")
        } else {
            cookie(&sign_in(&world, "alice").await)
        };
        let session = world.administration().sessions(&user).await.unwrap().remove(0).id;
        let text = format!("{user}:{session}");
        let field =
            if kind == Via::SESSION { ("x-session", text) } else { ("authorization", format!("Bearer other:{text}")) };
        (Self { world, user, session, field }, credential)
    }

    async fn ask(&self, method: &str, path: &str, body: serde_json::Value) -> Answer {
        let request = Request::builder().method(method).uri(path).header(self.field.0, &self.field.1);
        let request = request.header("content-type", "application/json").header("sec-fetch-site", "same-origin");
        self.world.send(request, body.to_string()).await
    }

    async fn is_live(&self) -> bool {
        let sessions = self.world.administration().sessions(&self.user).await.unwrap();
        sessions.iter().any(|session| session.id == self.session)
    }
}

#[tokio::test]
async fn a_session_of_another_kind_is_neither_used_nor_ended_by_its_name() {
    for (kind, refused) in [(Via::SESSION, "unauthenticated"), (Via::BEARER, "invalid-token")] {
        let (alice, credential) = Caller::new(kind).await;
        assert_eq!(alice.ask("GET", "/auth/me", json!(null)).await.text("id"), alice.user, "she is who she is");
        let sessions = alice.ask("GET", "/auth/sessions", json!(null)).await.json();
        assert_eq!(sessions[0]["current"], false, "{sessions}");
        for (path, body, code) in [
            (
                "/auth/password",
                json!({ "current_password": PASSWORD, "new_password": "another horse battery" }),
                refused,
            ),
            ("/auth/password", json!({ "new_password": "another horse battery" }), refused),
            ("/auth/reauthenticate", json!({ "password": PASSWORD }), "invalid-credentials"),
            ("/auth/api-keys", json!({ "name": "deploy", "scopes": [] }), refused),
        ] {
            alice.ask("POST", path, body).await.assert_problem(401, code);
        }
        let now = alice.world.auth.clock().unix();
        let keys = alice.world.accounts.api_keys().list_keys(&alice.user).await.unwrap();
        assert!(keys.iter().all(|key| key.has_ended(now)), "{keys:?}");
        assert_eq!(alice.ask("POST", "/auth/logout", json!(null)).await.status, 204);
        assert!(alice.is_live().await, "a name ended it");
        let me = if kind == Via::SESSION {
            alice.world.me(&credential).await
        } else {
            browse(&alice.world, "GET", "/auth/me", &credential).await
        };
        assert_eq!(me.status, 200);
        assert_eq!(alice.world.login("alice", PASSWORD).await.status, 200, "by the same password");
    }
}

#[tokio::test]
async fn a_session_of_another_kind_is_not_spared_by_its_name() {
    for kind in [Via::SESSION, Via::BEARER] {
        let (alice, _) = Caller::new(kind).await;
        assert_eq!(alice.ask("DELETE", "/auth/sessions", json!(null)).await.status, 204);
        assert!(!alice.is_live().await, "it is none of the caller's own, and all others were to go");
    }
}
