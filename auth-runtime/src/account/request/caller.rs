use axum::{extract::FromRequestParts, http::request::Parts};

use crate::{
    account::{
        context::AccountContext,
        event::{TARGET, store_failed},
    },
    auth::HasAuth,
    error::StoreError,
    guard::{GuardRejection, Rejection, refuse},
    identity::Identity,
    policy::Via,
    store::{Account, NotActive, SessionKind, SessionRecord, active},
};

/// A caller with a credential of this service. Others get 403: a subject of another issuer owns no account here.
pub(crate) struct LocalCaller(pub(crate) Identity);

impl<S: HasAuth + Send + Sync> FromRequestParts<S> for LocalCaller {
    type Rejection = GuardRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, GuardRejection> {
        let caller = <Identity as FromRequestParts<S>>::from_request_parts(parts, state).await?;
        let auth = state.auth();
        if caller.is_user_of(auth.issuer()) {
            return Ok(Self(caller));
        }
        let rejection = if caller.issuer().is_empty() { Rejection::NoIssuer } else { Rejection::Forbidden };
        Err(refuse(rejection, &auth, parts))
    }
}

/// Returns the account of an authenticated caller. Refuses like the guard: 401 when the account no longer exists, 403
/// when it is deactivated, and 503 when the store fails.
pub(crate) async fn account_of(context: &AccountContext, caller: &Identity) -> Result<Account, GuardRejection> {
    let rejection = match context.accounts.accounts().find(caller.subject()).await.map(active) {
        Ok(Ok(account)) => return Ok(account),
        Ok(Err(NotActive::Deactivated)) => Rejection::Inactive,
        Ok(Err(NotActive::Gone)) => over(caller, "user_gone"),
        Err(error) => outage(error),
    };
    Err(GuardRejection::new(rejection, &context.auth))
}

/// Returns the current record of the session that the caller's credential names, or `None` when it names no session.
/// Returns 401 when the session is over: another request ended it in the meantime, or the access token outlived it by a
/// few seconds.
pub(crate) async fn session_of(
    context: &AccountContext,
    caller: &Identity,
) -> Result<Option<SessionRecord>, GuardRejection> {
    if caller.session().is_none() {
        return Ok(None);
    }
    let rejection = match live_session(context, caller).await {
        Ok(Some(session)) => return Ok(Some(session)),
        Ok(None) => over(caller, "session_ended"),
        Err(error) => outage(error),
    };
    Err(GuardRejection::new(rejection, &context.auth))
}

/// Returns the session that the caller's credential names, if the session is live.
pub(crate) async fn live_session(
    context: &AccountContext,
    caller: &Identity,
) -> Result<Option<SessionRecord>, StoreError> {
    let Some(id) = caller.session() else { return Ok(None) };
    let session = context.accounts.sessions().find_session(id).await?;
    let now = context.auth.clock().unix();
    Ok(session.filter(|session| continues(caller, session) && session.is_live(now)))
}

/// Returns the identifier of the session that the caller's credential names, whether or not the session is live.
/// Returns `None` when the credential does not continue that session: an application's authenticator may name any
/// session.
pub(crate) async fn own_session<'a>(
    context: &AccountContext,
    caller: &'a Identity,
) -> Result<Option<&'a str>, StoreError> {
    let Some(id) = caller.session() else { return Ok(None) };
    let session = context.accounts.sessions().find_session(id).await?;
    Ok(session.filter(|session| continues(caller, session)).map(|_| id))
}

/// Returns whether a credential of this kind and subject continues the session. A credential of another kind or subject
/// must not stand in for it, even if it names the session.
pub(crate) fn continues(caller: &Identity, session: &SessionRecord) -> bool {
    credential(session.kind) == caller.via() && session.user_id == caller.subject()
}

/// Returns the refusal of a caller with a credential that has ended since the guard accepted it. A dead cookie counts
/// as no credential. The event tells the operator the reason.
pub(crate) fn over(caller: &Identity, reason: &'static str) -> Rejection {
    tracing::info!(target: TARGET, outcome = "refused", reason);
    if caller.via().accepts(Via::SESSION) { Rejection::Anonymous } else { Rejection::BadCredential(reason) }
}

/// Logs a store's error, and returns the refusal for it.
fn outage(error: StoreError) -> Rejection {
    store_failed(&error);
    Rejection::Unavailable(error)
}

/// Returns the kind of credential that continues a session.
fn credential(kind: SessionKind) -> Via {
    match kind {
        SessionKind::Bearer => Via::BEARER,
        SessionKind::Cookie => Via::SESSION,
    }
}
