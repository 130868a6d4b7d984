use axum::{
    Extension,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{
    account::{
        answer::report::OrReport as _,
        context::AccountContext,
        policies,
        request::caller::{LocalCaller, continues, own_session},
        sign_out::signed_out,
    },
    clock::{UnixTime, rfc3339},
    error::Problem,
    extract::{Json, Path},
    guard::{DeadCookie, Guard},
    identity::Identity,
    store::{EndReason, SessionRecord},
};

/// `GET /auth/sessions`: lists the caller's sessions, the most recently used first. There are no pages, since a user
/// has at most [`sessions_per_user`](crate::auth::AuthBuilder::sessions_per_user).
pub(crate) async fn sessions(
    _: Guard<policies::Sessions>,
    LocalCaller(caller): LocalCaller,
    context: AccountContext,
) -> Result<Json<Vec<View>>, Problem> {
    let sessions = context.accounts.sessions().list(caller.subject(), context.auth.clock().unix()).await.or_report()?;
    Ok(Json(sessions.into_iter().map(|session| View::of(session, &caller)).collect()))
}

/// `DELETE /auth/sessions/{id}`: ends one of the caller's sessions, which may be the current one.
pub(crate) async fn end_session(
    _: Guard<policies::EndSession>,
    LocalCaller(caller): LocalCaller,
    context: AccountContext,
    dead_cookie: Option<Extension<DeadCookie>>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    if context.end_session(caller.subject(), &id, EndReason::EndedByUser).await.or_report()? {
        let is_current = caller.session() == Some(id.as_str());
        Ok(if is_current {
            signed_out(&context, &caller, dead_cookie.is_some())
        } else {
            StatusCode::NO_CONTENT.into_response()
        })
    } else {
        Err(Problem::new(StatusCode::NOT_FOUND, "no-session", "There is no such session."))
    }
}

/// `DELETE /auth/sessions`: ends all of the caller's sessions except the current one.
pub(crate) async fn end_other_sessions(
    _: Guard<policies::EndOtherSessions>,
    LocalCaller(caller): LocalCaller,
    context: AccountContext,
) -> Result<StatusCode, Problem> {
    let current = own_session(&context, &caller).await.or_report()?;
    context.end_sessions(caller.subject(), current, EndReason::EndedByUser).await.or_report()?;
    Ok(StatusCode::NO_CONTENT)
}

/// The public view of a session. Times are RFC 3339 in UTC.
#[derive(Serialize)]
pub(crate) struct View {
    id: String,
    /// Whether the request came with a credential of this session.
    current: bool,
    kind: &'static str,
    client_id: String,
    user_agent: String,
    address: String,
    device: String,
    #[serde(serialize_with = "rfc3339")]
    created_at: UnixTime,
    #[serde(serialize_with = "rfc3339")]
    last_used_at: UnixTime,
    #[serde(serialize_with = "rfc3339")]
    signed_in_at: UnixTime,
    #[serde(serialize_with = "rfc3339")]
    expires_at: UnixTime,
}

impl View {
    pub(crate) fn of(session: SessionRecord, caller: &Identity) -> Self {
        Self {
            current: caller.session() == Some(session.id.as_str()) && continues(caller, &session),
            kind: session.kind.name(),
            expires_at: session.idle_expires_at.min(session.absolute_expires_at),
            id: session.id,
            client_id: session.client_id,
            user_agent: session.client.user_agent,
            address: session.client.address,
            device: session.client.device,
            created_at: session.created_at,
            last_used_at: session.last_used_at,
            signed_in_at: session.auth_time,
        }
    }
}
