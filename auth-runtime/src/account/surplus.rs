use crate::{
    error::StoreError,
    store::{EndReason, SessionRecord},
};

use super::{ending, engine::Engine};

/// End the sessions of a user beyond the maximum, those first that were used longest ago. The one that has just begun gives
/// way only to those that have begun since, whatever else the clocks say.
///
/// Each of any number of sign-ins at once has begun its session before it looks, so that the last to look sees them all. None
/// ends a session that has begun after its own, or two of them would end each other's.
pub(super) async fn end_surplus(engine: &Engine, begun: &SessionRecord) -> Result<(), StoreError> {
    let now = engine.auth.clock().unix();
    let mut sessions = engine.accounts.sessions().list(&begun.user_id, now).await?;
    // What began in the future did so by a clock that is ahead, and may have begun before.
    let is_newer = |session: &SessionRecord| {
        (session.created_at, &session.id) > (begun.created_at, &begun.id) && session.created_at <= now
    };
    sessions.sort_by_key(|session| (!is_newer(session), session.id != begun.id));
    let most = usize::try_from(engine.auth.account_rules().sessions_per_user).unwrap_or(usize::MAX);
    for session in sessions.iter().skip(most).filter(|session| !is_newer(session)) {
        ending::end(&engine.auth, &engine.accounts, &session.user_id, &session.id, EndReason::TooMany).await?;
    }
    Ok(())
}
