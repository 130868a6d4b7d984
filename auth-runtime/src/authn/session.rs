use core::error::Error;

use axum::http::request::Parts;

use crate::{
    clock::UnixTime,
    identity::Identity,
    limit::AddressFinder,
    policy::Via,
    session::{Client, Lifetimes},
    store::{Account, Accounts, SessionRecord, Touch},
    token::SessionSecret,
};

use super::{AuthnError, briefly::briefly};

/// Recognises callers by the cookie of their session.
///
/// Session and account are read for each request: whoever was signed out or deactivated is refused at once, and roles and
/// scopes are those of this moment.
pub(crate) struct Sessions {
    pub(crate) accounts: Accounts,
    pub(crate) lifetimes: Lifetimes,
    /// This service: somebody with a cookie is the same caller as with its tokens.
    pub(crate) issuer: String,
    pub(crate) addresses: AddressFinder,
}

/// For so long after its last use, in seconds, a session is not written again.
const SECONDS_BETWEEN_TOUCHES: i64 = 60;

impl Sessions {
    /// Whose session it is that the cookie's secret continues.
    pub(super) async fn authenticate(
        &self,
        secret: &SessionSecret,
        request: &Parts,
        now: UnixTime,
    ) -> Result<Identity, AuthnError> {
        let found = self.accounts.sessions().find_by_cookie(&secret.hash().0).await;
        let session = found.map_err(AuthnError::Unavailable)?.ok_or(AuthnError::Invalid("session_unknown"))?;
        if session.ended.is_some() {
            return Err(AuthnError::Invalid("session_ended"));
        }
        if !session.is_live(now) {
            return Err(AuthnError::Invalid("session_expired"));
        }
        let account = self.owner(&session).await?;
        let session = self.renewed(session, request, now).await?;
        Ok(identify(&account, &session, &self.issuer))
    }

    async fn owner(&self, session: &SessionRecord) -> Result<Account, AuthnError> {
        let found = self.accounts.accounts().find(&session.user_id).await.map_err(AuthnError::Unavailable)?;
        match found {
            Some(account) if account.active => Ok(account),
            Some(_) => Err(AuthnError::Invalid("inactive_user")),
            None => Err(AuthnError::Invalid("user_gone")),
        }
    }

    /// Puts off the end by idleness. When that fails, the caller is nevertheless who they are; the next request tries
    /// again.
    async fn renewed(
        &self,
        mut session: SessionRecord,
        request: &Parts,
        now: UnixTime,
    ) -> Result<SessionRecord, AuthnError> {
        if now.seconds_since(session.last_used_at) < SECONDS_BETWEEN_TOUCHES {
            return Ok(session);
        }
        let idle_expires_at = self.lifetimes.idle_end(now, session.absolute_expires_at);
        let client = Client::of(request, &self.addresses).label("");
        let touch = Touch { id: &session.id, client: &client, now, idle_expires_at };
        match briefly("sessions", self.accounts.sessions().touch(touch)).await {
            Ok(true) => {
                session.idle_expires_at = session.idle_expires_at.max(idle_expires_at);
                Ok(session)
            }
            Ok(false) => Err(AuthnError::Invalid("session_ended")),
            Err(error) => {
                tracing::error!(
                    target: "auth_runtime::authn", store = error.store(), error = &error as &dyn Error,
                    "the use of a session could not be noted",
                );
                Ok(session)
            }
        }
    }
}

fn identify(account: &Account, session: &SessionRecord, issuer: &str) -> Identity {
    let mut identity = Identity::builder(&account.id, Via::SESSION)
        .issuer(issuer)
        .client(&session.client_id)
        .session(&session.id)
        .roles(account.roles.iter().map(String::as_str))
        .auth_time(session.auth_time)
        .expires_at(session.idle_expires_at.min(session.absolute_expires_at));
    for scope in &account.scopes {
        identity = identity.scope(scope);
    }
    identity.build()
}
