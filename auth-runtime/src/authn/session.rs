use core::error::Error;

use axum::http::request::Parts;

use crate::{
    clock::UnixTime,
    identity::Identity,
    limit::AddressFinder,
    policy::Via,
    session::{Client, Found, Lifetimes},
    store::{Account, Accounts, SessionRecord, Touch},
};

use super::{
    AuthnError,
    briefly::briefly,
    event::{TARGET, ignored},
};

/// Recognises callers by the cookie of their session.
///
/// Session and account are read for each request, so that a sign-out or a deactivation counts at once, and roles and scopes
/// are those of this moment.
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
    /// The live session that the cookie's value continues. Reads only: the use of the session is not noted.
    pub(super) async fn find(&self, cookie: Found<'_>, now: UnixTime) -> Result<Option<LiveSession>, AuthnError> {
        let Some(secret) = cookie.secret() else { return Ok(dead("session_cookie_form", None)) };
        let found = self.accounts.sessions().find_by_cookie(&secret.hash().0).await;
        let Some(session) = found.map_err(AuthnError::Unavailable)? else { return Ok(dead("session_unknown", None)) };
        if session.ended.is_some() {
            return Ok(dead("session_ended", Some(&session)));
        }
        if !session.is_live(now) {
            return Ok(dead("session_expired", Some(&session)));
        }
        let owner = self.accounts.accounts().find(&session.user_id).await.map_err(AuthnError::Unavailable)?;
        Ok(match owner {
            Some(owner) if owner.active => Some(LiveSession { session, owner }),
            Some(_) => dead("inactive_user", Some(&session)),
            None => dead("user_gone", Some(&session)),
        })
    }

    /// The caller whose session it is, once its use is noted. `None` where it has ended in the meantime.
    pub(super) async fn renew(&self, live: LiveSession, request: &Parts, now: UnixTime) -> Option<Identity> {
        let LiveSession { session, owner } = live;
        let session = self.touched(session, request, now).await?;
        Some(identify(&owner, &session, &self.issuer))
    }

    /// Puts off the end by idleness. When that fails, the caller is nevertheless who they are; the next request tries
    /// again.
    async fn touched(&self, mut session: SessionRecord, request: &Parts, now: UnixTime) -> Option<SessionRecord> {
        if now.seconds_since(session.last_used_at) < SECONDS_BETWEEN_TOUCHES {
            return Some(session);
        }
        let idle_expires_at = self.lifetimes.idle_end(now, session.absolute_expires_at);
        let client = Client::of(request, &self.addresses).label("");
        let touch = Touch { id: &session.id, client: &client, now, idle_expires_at };
        match briefly("sessions", self.accounts.sessions().touch(touch)).await {
            Ok(true) => {
                session.idle_expires_at = session.idle_expires_at.max(idle_expires_at);
                Some(session)
            }
            Ok(false) => dead("session_ended", Some(&session)),
            Err(error) => {
                tracing::error!(
                    target: TARGET, store = error.store(), error = &error as &dyn Error,
                    "the use of a session could not be noted",
                );
                Some(session)
            }
        }
    }
}

/// A session that its cookie continues, and its owner.
pub(super) struct LiveSession {
    session: SessionRecord,
    owner: Account,
}

/// A cookie that continues no live session counts as absent.
fn dead<T>(reason: &'static str, session: Option<&SessionRecord>) -> Option<T> {
    ignored(reason, session);
    None
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
