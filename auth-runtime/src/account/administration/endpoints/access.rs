use axum::http::StatusCode;
use serde::Serialize;

use crate::{
    account::{
        answer::{error_response::ErrorResponse, report::OrReport as _},
        api_keys::Shown,
        policies,
        session::sessions::View,
    },
    extract::{Json, Path},
    guard::Guard,
};

use super::{administrator::Administrator, change::Change, problems::answer};

#[derive(Serialize)]
pub(super) struct Keys {
    api_keys: Vec<Shown>,
}

/// `GET /accounts/{id}/sessions`: lists the live sessions of an account.
pub(super) async fn sessions(
    _: Guard<policies::ListAccountSessions>,
    administrator: Administrator,
    Path(id): Path<String>,
) -> Result<Json<Vec<View>>, ErrorResponse> {
    let Administrator { administration, caller, .. } = &administrator;
    administration.find(&id).await.map_err(|error| answer(error, ""))?;
    let sessions = administration.sessions(&id).await.or_report()?;
    Ok(Json(sessions.into_iter().map(|session| View::of(session, caller)).collect()))
}

/// `DELETE /accounts/{id}/sessions`: ends all sessions of an account.
pub(super) async fn end_sessions(
    _: Guard<policies::EndAccountSessions>,
    administrator: Administrator,
    Path(id): Path<String>,
) -> Result<StatusCode, ErrorResponse> {
    let (change, _) = Change::begin(&administrator, "end_sessions", &id).await?;
    change.carry_out(move |administration, id| async move { administration.end_sessions(&id).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /accounts/{id}/sessions/{session}`: ends one session of an account.
pub(super) async fn end_session(
    _: Guard<policies::EndAccountSession>,
    administrator: Administrator,
    Path((id, session)): Path<(String, String)>,
) -> Result<StatusCode, ErrorResponse> {
    let (change, _) = Change::begin(&administrator, "end_session", &id).await?;
    change.carry_out(move |administration, id| async move { administration.end_session(&id, &session).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /accounts/{id}/api-keys`: lists the API keys of an account, without their secret parts.
pub(super) async fn api_keys(
    _: Guard<policies::ListAccountApiKeys>,
    administrator: Administrator,
    Path(id): Path<String>,
) -> Result<Json<Keys>, ErrorResponse> {
    let administration = &administrator.administration;
    administration.find(&id).await.map_err(|error| answer(error, ""))?;
    let (keys, now) = (administration.api_keys(&id).await.or_report()?, administration.context.auth.clock().unix());
    Ok(Json(Keys { api_keys: keys.into_iter().map(|key| Shown::new(key, now)).collect() }))
}

/// `DELETE /accounts/{id}/api-keys`: revokes all API keys of an account.
pub(super) async fn revoke_api_keys(
    _: Guard<policies::RevokeAccountApiKeys>,
    administrator: Administrator,
    Path(id): Path<String>,
) -> Result<StatusCode, ErrorResponse> {
    let (change, _) = Change::begin(&administrator, "revoke_api_keys", &id).await?;
    change.carry_out(move |administration, id| async move { administration.revoke_api_keys(&id).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /accounts/{id}/api-keys/{key}`: revokes one API key of an account.
pub(super) async fn revoke_api_key(
    _: Guard<policies::RevokeAccountApiKey>,
    administrator: Administrator,
    Path((id, key)): Path<(String, String)>,
) -> Result<StatusCode, ErrorResponse> {
    let (change, _) = Change::begin(&administrator, "revoke_api_key", &id).await?;
    change.carry_out(move |administration, id| async move { administration.revoke_api_key(&id, &key).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}
