use auth_runtime::{auth::Auth, prelude::*};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request},
};
use serde_json::Value;
use tower::ServiceExt;

use super::super::world::World;

#[protected]
async fn anyone(who: Identity) -> String {
    who.subject().to_owned()
}

#[require_scope("notes:read")]
async fn read() {}

#[require_scope("notes:write")]
async fn write() {}

#[require_role("admin")]
async fn admin() {}

#[protected(via(api_key))]
async fn programs(who: Identity) -> String {
    let scopes: Vec<_> = who.scopes().collect();
    let (roles, login, end) = (who.roles().count(), who.auth_time(), who.expires_at().map(|end| end.as_seconds()));
    format!("{} {} {roles} {login:?} {end:?} {}", who.token_id().unwrap(), who.issuer(), scopes.join(","))
}

#[protected(via(bearer, session))]
async fn people() {}

#[protected(fresh = 5 min)]
async fn fresh() {}

#[protected]
#[rate_limit(2/min, by = api_key)]
async fn by_key() {}

#[protected]
#[rate_limit(3/min, by = user)]
async fn by_user() {}

#[public(because = "a test")]
async fn whoever(who: Option<Identity>) -> String {
    who.map_or_else(|| "nobody".to_owned(), |who| who.subject().to_owned())
}

/// A service that programs call with keys.
pub(in crate::account) struct Service(Router);

/// An answer of the service.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Said {
    pub(super) fn code(&self) -> String {
        let problem: Value = serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{self:?}"));
        problem["code"].as_str().unwrap().to_owned()
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Service {
    pub(in crate::account) fn of(world: &World) -> Self {
        let router: GuardedRouter<Auth> = GuardedRouter::new()
            .route("/", get(anyone))
            .route("/read", get(read))
            .route("/write", get(write))
            .route("/admin", get(admin))
            .route("/programs", get(programs))
            .route("/people", get(people))
            .route("/fresh", get(fresh))
            .route("/by-key", get(by_key))
            .route("/by-user", get(by_user))
            .route("/whoever", get(whoever));
        Self(router.with_state(world.auth.clone()).into_router())
    }

    pub(super) async fn get(&self, uri: &str, fields: &[(&str, &[u8])]) -> Said {
        let mut request = Request::get(uri);
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        let response = self.0.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
        Said { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    pub(super) async fn bearer(&self, uri: &str, credential: &str) -> Said {
        self.get(uri, &[("authorization", format!("Bearer {credential}").as_bytes())]).await
    }

    pub(super) async fn x_api_key(&self, uri: &str, key: &str) -> Said {
        self.get(uri, &[("x-api-key", key.as_bytes())]).await
    }

    pub(in crate::account) async fn status(&self, uri: &str, key: &str) -> u16 {
        self.x_api_key(uri, key).await.status
    }
}
