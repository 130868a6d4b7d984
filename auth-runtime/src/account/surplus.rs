use crate::{
    error::StoreError,
    store::{EndReason, SessionRecord},
};

use super::{ending, engine::Engine};

/// End the sessions of a user beyond the maximum, those first that were used longest ago, and never the one that has just
/// begun, whatever the clocks say.
///
/// Each of any number of sign-ins at once has begun its session before it looks, so that the last to look sees them all.
pub(super) async fn end_surplus(engine: &Engine, user_id: &str, begun: &str) -> Result<(), StoreError> {
    let sessions = engine.accounts.sessions().list(user_id, engine.auth.clock().unix()).await?;
    let most = usize::try_from(engine.auth.account_rules().sessions_per_user).unwrap_or(usize::MAX);
    let others = sessions.into_iter().filter(|session| session.id != begun);
    for SessionRecord { id, .. } in others.skip(most.saturating_sub(1)) {
        ending::end(&engine.auth, &engine.accounts, user_id, &id, EndReason::TooMany).await?;
    }
    Ok(())
}
