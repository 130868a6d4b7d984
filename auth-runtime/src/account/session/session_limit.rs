use crate::{
    account::context::AccountContext,
    error::StoreError,
    store::{EndReason, SessionRecord},
};

/// Ends the sessions of a user beyond the maximum, the least recently used first. The session that has just begun ends
/// only if newer ones alone fill the maximum, even when clocks differ.
///
/// Several sign-ins may run this at once. Each has begun its session before it lists the sessions, so the last one sees
/// them all. No sign-in ends a session that began after its own; otherwise two of them could end each other's sessions.
pub(crate) async fn end_surplus(context: &AccountContext, begun: &SessionRecord) -> Result<(), StoreError> {
    let now = context.auth.clock().unix();
    let mut sessions = context.accounts.sessions().list(&begun.user_id, now).await?;
    // A session that begins in the future was begun by a process with a fast clock, so it may in fact be older.
    let is_newer = |session: &SessionRecord| {
        (session.created_at, &session.id) > (begun.created_at, &begun.id) && session.created_at <= now
    };
    sessions.sort_by_key(|session| (!is_newer(session), session.id != begun.id));
    let most = usize::try_from(context.auth.account_rules().sessions_per_user).unwrap_or(usize::MAX);
    for session in sessions.iter().skip(most).filter(|session| !is_newer(session)) {
        context.end_session(&session.user_id, &session.id, EndReason::TooMany).await?;
    }
    Ok(())
}
