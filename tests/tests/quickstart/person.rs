use serde_json::{Value, json};

use super::{http::Answer, server::Server};

pub(super) const PASSWORD: &str = "correct horse battery";

/// A signed-in user with an account.
pub(super) struct Person {
    pub(super) id: String,
    pub(super) token: String,
    pub(super) refresh_token: String,
}

impl Person {
    /// Registers the account and signs in.
    pub(super) async fn join(server: &Server, name: &str) -> Self {
        let opened = register(server, name).await;
        assert_eq!(opened.status, 201, "{opened:?}");
        Self::sign_in(server, name).await
    }

    pub(super) async fn sign_in(server: &Server, name: &str) -> Self {
        let signed_in = login(server, name, PASSWORD).await;
        assert_eq!(signed_in.status, 200, "{signed_in:?}");
        let tokens = signed_in.json();
        let text = |member: &str| tokens[member].as_str().unwrap().to_owned();
        let (token, refresh_token) = (text("access_token"), text("refresh_token"));
        let me = server.get("/auth/me").bearer(&token).send().await;
        assert_eq!(me.status, 200, "{me:?}");
        Self { id: me.json()["id"].as_str().unwrap().to_owned(), token, refresh_token }
    }

    /// Registers an administrator, who is appointed on the server.
    pub(super) async fn join_as_admin(server: &Server, name: &str) -> Self {
        Self::join(server, name).await;
        let granted = server.run(&["grant", name, "admin"]);
        assert!(granted.status.success(), "{granted:?}");
        Self::sign_in(server, name).await
    }
}

pub(super) fn registration(name: &str) -> Value {
    json!({ "username": name, "email": format!("{name}@example.org"), "password": PASSWORD })
}

pub(super) async fn register(server: &Server, name: &str) -> Answer {
    server.post("/auth/register").json(&registration(name)).send().await
}

pub(super) async fn login(server: &Server, name: &str, password: &str) -> Answer {
    server.post("/auth/login").json(&json!({ "username": name, "password": password })).send().await
}
