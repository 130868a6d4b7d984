use tracing::Level;

use crate::{
    account::{context::AccountContext, event::TARGET},
    clock::UnixTime,
    error::StoreError,
    session::CLOCKS_APART,
    store::{EndReason, Ending, Purpose, Reissued, RevokedTarget},
    token::MAX_LEEWAY_SECONDS,
};

impl AccountContext {
    /// Ends one session of this user, and returns whether it was live. This process refuses the session's access tokens
    /// at once.
    pub(crate) async fn end_session(
        &self,
        user_id: &str,
        session_id: &str,
        reason: EndReason,
    ) -> Result<bool, StoreError> {
        let ending = self.ending(reason);
        let ended = self.accounts.sessions().end(session_id, user_id, ending).await?;
        if ended {
            self.learn([session_id.to_owned()], ending.remember_until);
            tracing::event!(
                target: TARGET, Level::INFO, user.id = user_id, session.id = session_id, outcome = "session_ended",
                reason = reason.name(),
            );
        }
        Ok(ended)
    }

    /// Ends all sessions of this user except one, and the change of the address that a session has asked for. Returns
    /// how many sessions it ended.
    ///
    /// Somebody else may have had one of the sessions, and would get the account back by the change. The sessions end
    /// first, since a live one could ask for another change. A failure of one does not stop the other.
    pub(crate) async fn end_sessions(
        &self,
        user_id: &str,
        except: Option<&str>,
        reason: EndReason,
    ) -> Result<usize, StoreError> {
        let ended = self.end_all(user_id, except, reason).await;
        let voided = self.accounts.one_time_tokens().void_one_time(user_id, Purpose::EmailChange).await;
        ended.and_then(|count| voided.map(|_was_live| count))
    }

    async fn end_all(&self, user_id: &str, except: Option<&str>, reason: EndReason) -> Result<usize, StoreError> {
        let ending = self.ending(reason);
        let ended = self.accounts.sessions().end_all(user_id, except, ending).await?;
        let count = ended.len();
        self.learn(ended, ending.remember_until);
        tracing::event!(
            target: TARGET, Level::INFO, user.id = user_id, sessions = count, outcome = "sessions_ended",
            reason = reason.name(),
        );
        Ok(count)
    }

    /// Ends all sessions of this user, and removes them. Their access tokens are refused as those of ended sessions.
    pub(crate) async fn remove_sessions(&self, user_id: &str, reason: EndReason) -> Result<(), StoreError> {
        let ending = self.ending(reason);
        let ended = self.accounts.sessions().remove_all(user_id, ending).await?;
        let count = ended.len();
        self.learn(ended, ending.remember_until);
        tracing::event!(
            target: TARGET, Level::INFO, user.id = user_id, sessions = count, outcome = "sessions_ended",
            reason = reason.name(),
        );
        Ok(())
    }

    /// Refuses the user's present access tokens, so that the user's sessions fetch new ones with the current roles and
    /// scopes.
    ///
    /// Call this after the change. Code that mints a token reads the session's generation before it reads the account,
    /// so a token with the old roles or scopes has an older generation.
    pub(crate) async fn reissue_tokens(&self, user_id: &str) -> Result<(), StoreError> {
        let remember_until = self.auth.lifetimes().remember_until(self.auth.clock().unix());
        let sessions = self.accounts.sessions().reissue(user_id, remember_until).await?;
        let Some(revocations) = self.auth.revocations() else { return Ok(()) };
        for Reissued { session_id, generation } in sessions {
            let target = RevokedTarget::Session(session_id);
            revocations.learn(target, Some(generation), remember_until, self.auth.clock());
        }
        Ok(())
    }

    /// Refuses one access token until its own `exp` has passed. The token may be older than the present settings, so
    /// they do not count: any verifier may grant it the longest leeway. The second more is for a process that has not
    /// begun the second in which this one forgets the token.
    pub(crate) async fn revoke_token(&self, token_id: &str, expires_at: UnixTime) -> Result<(), StoreError> {
        let accepted_until = expires_at.plus_seconds(MAX_LEEWAY_SECONDS.into());
        let remember_until = accepted_until.plus_seconds(1).plus_seconds(CLOCKS_APART);
        self.accounts.sessions().revoke_token(token_id, remember_until).await?;
        if let Some(revocations) = self.auth.revocations() {
            revocations.learn(RevokedTarget::Token(token_id.to_owned()), None, remember_until, self.auth.clock());
        }
        Ok(())
    }

    fn ending(&self, reason: EndReason) -> Ending {
        let now = self.auth.clock().unix();
        Ending { reason, now, remember_until: self.auth.lifetimes().remember_until(now) }
    }

    fn learn(&self, sessions: impl IntoIterator<Item = String>, remember_until: UnixTime) {
        let Some(revocations) = self.auth.revocations() else { return };
        for id in sessions {
            revocations.learn(RevokedTarget::Session(id), None, remember_until, self.auth.clock());
        }
    }
}
