use tracing::Level;

use crate::{
    auth::Auth,
    clock::UnixTime,
    error::StoreError,
    session::CLOCKS_APART,
    store::{Accounts, EndReason, Ending, Reissued, RevokedTarget},
};

use super::failure::TARGET;

/// End one session of this user; whether there was one to end. This process refuses its access tokens at once.
pub(super) async fn end(
    auth: &Auth,
    accounts: &Accounts,
    user_id: &str,
    session_id: &str,
    why: EndReason,
) -> Result<bool, StoreError> {
    let ending = ending(auth, why);
    let ended = accounts.sessions().end(session_id, user_id, ending).await?;
    if ended {
        learn(auth, [session_id.to_owned()], ending.remember_until);
        tracing::event!(
            target: TARGET, Level::INFO, user.id = user_id, session.id = session_id, outcome = "session_ended",
            reason = why.name(),
        );
    }
    Ok(ended)
}

/// End all sessions of this user but one; how many.
pub(super) async fn end_all(
    auth: &Auth,
    accounts: &Accounts,
    user_id: &str,
    except: Option<&str>,
    why: EndReason,
) -> Result<usize, StoreError> {
    let ending = ending(auth, why);
    let ended = accounts.sessions().end_all(user_id, except, ending).await?;
    let count = ended.len();
    learn(auth, ended, ending.remember_until);
    tracing::event!(
        target: TARGET, Level::INFO, user.id = user_id, sessions = count, outcome = "sessions_ended", reason = why.name(),
    );
    Ok(count)
}

/// Refuse the access tokens of this user that are out, so that their sessions fetch new ones with what holds now.
///
/// Called after the change. Whoever mints a token takes the session's generation before reading the account, so that one
/// with what held before is of a generation before.
pub(super) async fn reissue(auth: &Auth, accounts: &Accounts, user_id: &str) -> Result<(), StoreError> {
    let remember_until = auth.lifetimes().remember_until(auth.clock().unix());
    let sessions = accounts.sessions().reissue(user_id, remember_until).await?;
    let Some(revocations) = auth.revocations() else { return Ok(()) };
    for Reissued { session_id, generation } in sessions {
        let target = RevokedTarget::Session(session_id);
        revocations.learn(target, Some(generation), remember_until, auth.clock());
    }
    Ok(())
}

/// Refuse one access token from now on, for as long as it lives by its own word: it may be older than the present settings.
pub(super) async fn revoke_token(
    auth: &Auth,
    accounts: &Accounts,
    token_id: &str,
    expires_at: UnixTime,
) -> Result<(), StoreError> {
    let remember_until = expires_at.plus_seconds(MAX_LEEWAY).plus_seconds(CLOCKS_APART);
    accounts.sessions().revoke_token(token_id, remember_until).await?;
    if let Some(revocations) = auth.revocations() {
        revocations.learn(RevokedTarget::Token(token_id.to_owned()), None, remember_until, auth.clock());
    }
    Ok(())
}

fn ending(auth: &Auth, why: EndReason) -> Ending {
    let now = auth.clock().unix();
    Ending { why, now, remember_until: auth.lifetimes().remember_until(now) }
}

fn learn(auth: &Auth, sessions: impl IntoIterator<Item = String>, remember_until: UnixTime) {
    let Some(revocations) = auth.revocations() else { return };
    for id in sessions {
        revocations.learn(RevokedTarget::Session(id), None, remember_until, auth.clock());
    }
}

/// The most that a verifier forgives an expired token, and a second.
const MAX_LEEWAY: i64 = 61;
