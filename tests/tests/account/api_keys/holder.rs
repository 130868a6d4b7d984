use axum::http::{Method, Request};
use serde_json::{Value, json};

use super::super::{
    answers::Answer,
    world::{PASSWORD, World},
};

/// A signed-in user who creates keys.
pub(super) struct Holder<'a> {
    world: &'a World,
    pub(super) token: String,
}

impl<'a> Holder<'a> {
    /// Registers an account with these scopes, and signs in.
    pub(super) async fn join(world: &'a World, name: &str, scopes: &[&str]) -> Self {
        world.join(name, scopes).await;
        Self::sign_in(world, name).await
    }

    pub(super) async fn sign_in(world: &'a World, name: &str) -> Self {
        Self { world, token: world.login(name, PASSWORD).await.text("access_token") }
    }

    pub(super) async fn create(&self, body: &Value) -> Answer {
        self.call(Method::POST, "", body).await
    }

    /// Creates a key with these scopes. Returns the key and its identifier.
    pub(super) async fn key(&self, scopes: &[&str]) -> (String, String) {
        let answer = self.create(&json!({ "name": "deploy", "scopes": scopes })).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        (answer.text("key"), answer.text("id"))
    }

    pub(super) async fn list(&self) -> Vec<Value> {
        let answer = self.call(Method::GET, "", &Value::Null).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["api_keys"].as_array().unwrap().clone()
    }

    /// Returns the list's entry for this key.
    pub(super) async fn listed(&self, id: &str) -> Value {
        self.list().await.into_iter().find(|key| key["id"] == id).unwrap_or_else(|| panic!("{id} is not listed"))
    }

    pub(super) async fn rotate(&self, id: &str, body: &Value) -> Answer {
        self.call(Method::POST, &format!("/{id}/rotate"), body).await
    }

    pub(super) async fn revoke(&self, id: &str) -> Answer {
        self.call(Method::DELETE, &format!("/{id}"), &Value::Null).await
    }

    /// Sends a request with the holder's token. The path is relative to that of the keys.
    pub(super) async fn call(&self, method: Method, below: &str, body: &Value) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(format!("/auth/api-keys{below}"))
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {}", self.token));
        self.world.send(request, body.to_string()).await
    }
}
