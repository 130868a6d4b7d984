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
        Ok(None) => Err(Rejection::BadCredential("user_gone")),
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
        Ok(None) => {
            tracing::info!(target: TARGET, outcome = "refused", reason = "session_ended");
            Rejection::BadCredential("session_ended")
        }
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
    Ok(session.filter(|session| {
        credential(session.kind) == caller.kind() && session.user_id == caller.subject() && session.is_live(now)
    }))
}

/// The kind of credential that continues a session. Another one that names the session must not stand in for it.
fn credential(kind: SessionKind) -> Via {
    match kind {
        SessionKind::Bearer => Via::BEARER,
        SessionKind::Cookie => Via::SESSION,
    }
}
