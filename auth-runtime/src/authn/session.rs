use axum::http::request::Parts;

use crate::{
    clock::UnixTime,
    error::with_causes,
    identity::{Facts, Identity},
    limit::AddressFinder,
    policy::Via,
    session::{Client, Found, Lifetimes},
    store::{Account, Accounts, NotActive, SessionRecord, Touch, active},
};

use super::{
    AuthnError,
    event::{TARGET, ignored},
    last_use::briefly,
};

/// The part of authentication that recognises callers by the cookie of their session.
///
/// Session and account are read for each request. So a sign-out or a deactivation takes effect at once, and roles and
/// scopes are current.
pub(crate) struct Sessions {
    pub(crate) accounts: Accounts,
    pub(crate) lifetimes: Lifetimes,
    /// The issuer of this service: a caller with a cookie is the same caller as with a token of this service.
    pub(crate) issuer: String,
    pub(crate) addresses: AddressFinder,
}

/// The minimum time between two writes of a session's last use, in seconds.
const SECONDS_BETWEEN_TOUCHES: i64 = 60;

impl Sessions {
    /// Returns the live session that the cookie's value continues. Only reads: it does not record the use of the
    /// session.
    pub(super) async fn find(&self, cookie: Found<'_>, now: UnixTime) -> Result<Option<LiveSession>, AuthnError> {
        let Some(secret) = cookie.secret() else { return Ok(dead("session_cookie_form", None)) };
        let found = self.accounts.sessions().find_by_cookie(&secret.hash()).await;
        let Some(session) = found.map_err(AuthnError::Unavailable)? else { return Ok(dead("session_unknown", None)) };
        if session.ended.is_some() {
            return Ok(dead("session_ended", Some(&session)));
        }
        if !session.is_live(now) {
            return Ok(dead("session_expired", Some(&session)));
        }
        let owner = self.accounts.accounts().find(&session.user_id).await.map_err(AuthnError::Unavailable)?;
        Ok(match active(owner) {
            Ok(owner) => Some(LiveSession { session, owner }),
            Err(NotActive::Deactivated) => dead("inactive_user", Some(&session)),
            Err(NotActive::Gone) => dead("user_gone", Some(&session)),
        })
    }

    /// Records the use of the session and returns its owner as the caller. Returns `None` when the session has ended in
    /// the meantime.
    pub(super) async fn renew(&self, live: LiveSession, request: &Parts, now: UnixTime) -> Option<Identity> {
        let LiveSession { session, owner } = live;
        let session = self.touched(session, request, now).await?;
        Some(identify(&owner, &session, &self.issuer))
    }

    /// Postpones the idle timeout. When the write fails, the caller is authenticated nevertheless, and the next request
    /// retries.
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
                    target: TARGET, store = error.store(), error = with_causes(&error),
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

/// Reports that a cookie continues no live session, so that it counts as absent.
fn dead<T>(reason: &'static str, session: Option<&SessionRecord>) -> Option<T> {
    ignored(reason, session);
    None
}

fn identify(account: &Account, session: &SessionRecord, issuer: &str) -> Identity {
    let mut facts = Facts::of(&account.id, Via::SESSION);
    facts.set_issuer(issuer);
    facts.set_client(&session.client_id);
    facts.set_session(&session.id);
    facts.add_roles(account.roles.iter().map(String::as_str));
    facts.add_amr(session.amr.split(' ').filter(|method| !method.is_empty()));
    facts.set_auth_time(session.auth_time);
    facts.set_expires_at(session.idle_expires_at.min(session.absolute_expires_at));
    account.scopes.iter().for_each(|scope| facts.add_scope(scope));
    Identity::new(facts)
}
