use auth_runtime::{metadata, prelude::*};
use axum::http::StatusCode;
use serde::Serialize;

use crate::App;

/// The application's own names for the issuers that it trusts.
#[derive(Clone, Copy, Issuer)]
pub(crate) enum Trusted {
    Corporate,
}

#[derive(Role)]
enum Role {
    Editor,
}

pub(crate) fn routes() -> GuardedRouter<App> {
    GuardedRouter::new()
        .route("/health", get(health))
        .route("/me", get(me))
        .route("/articles", get(list).post(publish))
        .route("/payroll", get(payroll))
        .merge(metadata::routes())
}

#[public(because = "load balancer probe")]
async fn health() -> &'static str {
    "ok"
}

/// A caller as the token describes it. A subject is unique for one issuer only: a record of the caller has both.
#[derive(Serialize)]
struct Me {
    issuer: String,
    subject: String,
    roles: Vec<String>,
    scopes: Vec<String>,
}

#[protected]
#[rate_limit(60/min, by = user)]
async fn me(who: Identity) -> Json<Me> {
    Json(Me {
        issuer: who.issuer().to_owned(),
        subject: who.subject().to_owned(),
        roles: who.roles().map(str::to_owned).collect(),
        scopes: who.scopes().map(str::to_owned).collect(),
    })
}

#[require_scope("articles:read")]
async fn list() -> Json<[&'static str; 2]> {
    Json(["First article", "Second article"])
}

#[require_role(Role::Editor)]
async fn publish() -> StatusCode {
    StatusCode::CREATED
}

/// Callers of another trusted issuer would get 403 here.
#[protected(issuer = Trusted::Corporate)]
async fn payroll() -> &'static str {
    "Everyone was paid."
}
