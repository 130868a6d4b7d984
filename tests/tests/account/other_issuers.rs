//! Callers whom another issuer identifies. The issuer's subjects are not accounts of this service.

use auth_runtime::{
    authn::{Authenticator, AuthnError},
    clock::UnixTime,
    identity::Identity,
    policy::Via,
    store::BoxFuture,
};
use serde_json::json;

use super::world::{PASSWORD, World, as_bearer, defaults};

/// Accepts the token `elsewhere:<subject>` as an identity of another issuer, and `nobody:<subject>` as an identity of
/// no issuer.
pub(super) struct Elsewhere;

impl Authenticator for Elsewhere {
    fn via(&self) -> Via {
        Via::BEARER
    }

    fn takes_bearer(&self, token: &str) -> bool {
        token.starts_with("elsewhere:") || token.starts_with("nobody:")
    }

    fn authenticate<'a>(&'a self, token: &'a str, now: UnixTime) -> BoxFuture<'a, Result<Identity, AuthnError>> {
        let identity = match token.split_once(':') {
            Some(("elsewhere", subject)) => {
                Identity::builder(subject, Via::BEARER).issuer("https://elsewhere.invalid").auth_time(now)
            }
            Some((_, subject)) => Identity::builder(subject, Via::BEARER).auth_time(now),
            None => unreachable!("it takes no such token"),
        };
        Box::pin(async move { Ok(identity.build()) })
    }
}

#[tokio::test]
async fn another_issuers_subject_touches_no_account_here() {
    let world = World::in_memory(|builder| defaults(builder).authenticator(Elsewhere));
    let alice = world.join("alice", &[]).await;
    let tokens = world.login("alice", PASSWORD).await;
    let session = world.administration().sessions(&alice.id).await.unwrap().remove(0).id;
    let namesakes = [format!("elsewhere:{}", alice.id), format!("nobody:{}", alice.id)];
    let one = format!("/auth/sessions/{session}");
    for (method, path, body) in [
        ("GET", "/auth/me", json!(null)),
        ("GET", "/auth/sessions", json!(null)),
        ("DELETE", &one, json!(null)),
        ("DELETE", "/auth/sessions", json!(null)),
        ("POST", "/auth/logout", json!(null)),
        ("POST", "/auth/logout/all", json!(null)),
        ("POST", "/auth/password", json!({ "new_password": "another horse battery" })),
        ("POST", "/auth/reauthenticate", json!({ "password": PASSWORD })),
        ("POST", "/auth/email/send-verification", json!(null)),
    ] {
        for namesake in &namesakes {
            let request = as_bearer(method, path, namesake).header("content-type", "application/json");
            world.send(request, body.to_string()).await.assert_problem(403, "forbidden");
        }
    }
    assert_eq!(world.me(&tokens.text("access_token")).await.status, 200, "still signed in");
    assert_eq!(world.login("alice", PASSWORD).await.status, 200, "by the same password");
}
