use axum::{extract::FromRequestParts, http::request::Parts};

use crate::{
    auth::HasAuth,
    error::StoreError,
    guard::{Denied, Rejection, refuse},
    identity::Identity,
    policy::Via,
    store::{Account, SessionKind, SessionRecord, User as _},
};

use super::{
    engine::Engine,
    failure::{TARGET, tell_operator},
};

/// A caller with a credential of this service, else 403: nobody else's subject is the owner of an account here.
pub(super) struct Own(pub(super) Identity);

impl<S: HasAuth + Send + Sync> FromRequestParts<S> for Own {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Denied> {
        let caller = <Identity as FromRequestParts<S>>::from_request_parts(parts, state).await?;
        let auth = state.auth();
        if caller.is_user_of(auth.issuer()) {
            return Ok(Self(caller));
        }
        let rejection = if caller.issuer().is_empty() { Rejection::NoIssuer } else { Rejection::Forbidden };
        Err(refuse(rejection, &auth, parts))
    }
}

/// The account of an authenticated caller: 401 when it is gone, 403 when it is deactivated.
pub(super) async fn account_of(engine: &Engine, caller: &Identity) -> Result<Account, Denied> {
    let account = match engine.accounts.accounts().find(caller.subject()).await {
        Ok(Some(account)) if account.is_active() => Ok(account),
        Ok(Some(_)) => Err(Rejection::Inactive),
        Ok(None) => Err(over(caller, "user_gone")),
        Err(error) => {
            tell_operator(&error);
            Err(Rejection::Unavailable(error))
        }
    };
    account.map_err(|rejection| Denied::new(rejection, &engine.auth))
}

/// The session that the caller came with, as it is now; `None` when they came without one. 401 when it is over: it was ended
/// while the request was under way, or an access token has outlived it by some seconds.
pub(super) async fn session_of(engine: &Engine, caller: &Identity) -> Result<Option<SessionRecord>, Denied> {
    if caller.session().is_none() {
        return Ok(None);
    }
    let rejection = match live_session(engine, caller).await {
        Ok(Some(session)) => return Ok(Some(session)),
        Ok(None) => over(caller, "session_ended"),
        Err(error) => {
            tell_operator(&error);
            Rejection::Unavailable(error)
        }
    };
    Err(Denied::new(rejection, &engine.auth))
}

/// The session that the caller came with, if it is live.
pub(super) async fn live_session(engine: &Engine, caller: &Identity) -> Result<Option<SessionRecord>, StoreError> {
    let Some(id) = caller.session() else { return Ok(None) };
    let session = engine.accounts.sessions().find_session(id).await?;
    let now = engine.auth.clock().unix();
    Ok(session.filter(|session| continues(caller, session) && session.is_live(now)))
}

/// The identifier of the session that the caller came with, live or not; `None` where the credential names one that it does
/// not continue. An application's authenticator may name any.
pub(super) async fn own_session<'a>(engine: &Engine, caller: &'a Identity) -> Result<Option<&'a str>, StoreError> {
    let Some(id) = caller.session() else { return Ok(None) };
    let session = engine.accounts.sessions().find_session(id).await?;
    Ok(session.filter(|session| continues(caller, session)).map(|_| id))
}

/// Whether a credential of this kind and subject continues the session. Another one that names it must not stand in for it.
pub(super) fn continues(caller: &Identity, session: &SessionRecord) -> bool {
    credential(session.kind) == caller.kind() && session.user_id == caller.subject()
}

/// The refusal of a caller whose credential has ended since the guard saw it: a cookie is none any more. The operator is told
/// the reason.
pub(super) fn over(caller: &Identity, reason: &'static str) -> Rejection {
    tracing::info!(target: TARGET, outcome = "refused", reason);
    if caller.kind().accepts(Via::SESSION) { Rejection::Anonymous } else { Rejection::BadCredential(reason) }
}

/// The kind of credential that continues a session.
fn credential(kind: SessionKind) -> Via {
    match kind {
        SessionKind::Bearer => Via::BEARER,
        SessionKind::Cookie => Via::SESSION,
    }
}
