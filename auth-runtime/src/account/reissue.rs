//! Which access tokens are from before a change of roles or scopes: the time of issue tells.

use crate::{
    auth::Auth,
    clock::UnixTime,
    error::StoreError,
    session::Revocations,
    store::{Accounts, RevokedTarget},
};

/// Refuse the access tokens of this user that are out, so that their sessions fetch new ones with what holds now.
///
/// The time is taken after the change: whatever was minted before it from what was read before it is refused, also where
/// the clock of whoever minted it is ahead by the leeway.
pub(super) async fn reissue(auth: &Auth, accounts: &Accounts, user_id: &str) -> Result<(), StoreError> {
    if let Some(revocations) = dating_ahead(auth) {
        revocations.catch_up(auth.clock()).await?;
    }
    let now = auth.clock().unix();
    let remember_until = auth.lifetimes().remember_until(now);
    let mut issued_until = now.plus_seconds(auth.lifetimes().leeway);
    let mut sessions = accounts.sessions().reissue(user_id, issued_until, remember_until).await?;
    if let Some(later) = after_earlier_change(auth, &sessions, issued_until) {
        issued_until = later;
        sessions = accounts.sessions().reissue(user_id, issued_until, remember_until).await?;
    }
    for id in sessions {
        if let Some(revocations) = auth.revocations() {
            revocations.learn(RevokedTarget::Session(id), Some(issued_until), remember_until, auth.clock());
        }
    }
    Ok(())
}

/// Tokens that were issued after an earlier change may be dated ahead of this one, and know nothing of it.
fn after_earlier_change(auth: &Auth, sessions: &[String], issued_until: UnixTime) -> Option<UnixTime> {
    let revocations = dating_ahead(auth)?;
    let earlier = sessions.iter().filter_map(|id| revocations.known_until(id)).max()?;
    (earlier >= issued_until).then(|| earlier.plus_seconds(1))
}

/// The time of issue of a session's next access token: now, or right after what a change of roles refuses. Without the
/// latter a client would be refused and fetch another token over and over for as long as the leeway.
///
/// To be asked for before the account is read: when its roles change in between, the token counts as one from before.
pub(super) async fn issue_time(auth: &Auth, session_id: &str, now: UnixTime) -> Result<UnixTime, StoreError> {
    let Some(revocations) = dating_ahead(auth) else { return Ok(now) };
    let refused = revocations.refused_until(session_id, auth.clock()).await?;
    Ok(refused.map_or(now, |last| now.max(last.plus_seconds(1))))
}

/// Where clocks may differ, tokens are dated ahead of them, and by this list. Elsewhere no verifier would take such a token.
fn dating_ahead(auth: &Auth) -> Option<&Revocations> {
    auth.revocations().filter(|_| auth.lifetimes().leeway > 0)
}
