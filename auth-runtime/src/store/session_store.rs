use super::{
    BoxFuture, CookieSwap, Ending, FirstCredential, FoundToken, Reissued, Revocation, RevocationSignal, Rotated,
    Rotation, SessionRecord, Touch,
};
use crate::{clock::UnixTime, error::StoreError, token::TokenHash};

/// A store of sessions, and of the refresh tokens and cookies that continue them. The credentials are opaque, and the
/// store keeps only their hashes.
///
/// The store looks rows up by the SHA-256 of 256 random bits, so the time of a look-up reveals nothing about a secret.
/// Every method is one atomic step, called from any number of tasks and processes. The store makes each change durable
/// before it returns.
pub trait SessionStore: Send + Sync + 'static {
    /// Stores a new session and the first credential that continues it. The caller is about to give the credential to
    /// the client.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the identifier or the hash is already stored, or the store fails. Nothing is stored
    /// then, and the caller must not give the credential away.
    fn begin(&self, session: SessionRecord, credential: FirstCredential) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Returns the session with this identifier. Ended and expired sessions are included until they are removed.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store cannot answer.
    fn find_session<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<SessionRecord>, StoreError>>;

    /// Returns the refresh token with this hash, even if it was used or its session has ended.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store cannot answer.
    fn find_by_token<'a>(&'a self, hash: &'a TokenHash) -> BoxFuture<'a, Result<Option<FoundToken>, StoreError>>;

    /// Returns the session that the cookie with this hash continues.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store cannot answer.
    fn find_by_cookie<'a>(&'a self, hash: &'a TokenHash) -> BoxFuture<'a, Result<Option<SessionRecord>, StoreError>>;

    /// Returns the sessions of a user that are live at this time, the last used first.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store cannot answer.
    fn list<'a>(&'a self, user_id: &'a str, now: UnixTime) -> BoxFuture<'a, Result<Vec<SessionRecord>, StoreError>>;

    /// Uses up a refresh token and stores its successor, in one step. Any number of rotations of one token may run at
    /// once: exactly one wins, and the others get the successor that it stored.
    ///
    /// This is the order of the decisions; [`Rotation::judge`] makes all but the first:
    ///
    /// 1. The token is not stored: [`Rotated::Unknown`].
    /// 2. The token's session has ended: [`Rotated::Ended`].
    /// 3. The token was used, and the same client tries again: [`Rotated::Again`], or [`Rotated::Expired`] when the
    ///    session has expired.
    /// 4. The token was used, and the call is not a retry: [`Rotated::Reused`]. The same step ends the session
    ///    with [`EndReason::TokenReuse`](super::EndReason::TokenReuse), even when the token or its session has expired.
    /// 5. The token belongs to another client's session: [`Rotated::Foreign`]. The token stays unused.
    /// 6. The token or its session has expired: [`Rotated::Expired`]. The token stays unused.
    /// 7. Otherwise the rotation wins: [`Rotated::Won`].
    ///
    /// A call is a retry of the same client when its client equals that of the session, and `now` is at most
    /// `grace_seconds` before or after the token's use. Where `must_match_fingerprint` is true, its fingerprint must
    /// equal that of the use, too. With `grace_seconds` of 0, no call is a retry, not even in the same second.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails. The rotation may have been stored, and the caller must not mint any
    /// token.
    fn rotate<'a>(&'a self, rotation: Rotation<'a>) -> BoxFuture<'a, Result<Rotated, StoreError>>;

    /// Records that a session is in use, and when it now expires. Returns `false` when the session has ended, has
    /// expired or does not exist. Times never move back, and the device keeps its name.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    fn touch<'a>(&'a self, touch: Touch<'a>) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// Records when the user last authenticated. When `cookie` is given, the same step replaces the cookie's hash. The
    /// time may equal the recorded one, and never moves back.
    ///
    /// Returns `false` when the session has ended, does not exist, or now has a cookie other than `cookie.old`.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails. The cookie may have been replaced then.
    fn reauthenticated<'a>(
        &'a self,
        id: &'a str,
        cookie: Option<CookieSwap>,
        auth_time: UnixTime,
    ) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// Ends one session of this user, and adds it to the revocations. Returns `false` when the session does not
    /// exist, belongs to another user, or had ended before.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    fn end<'a>(&'a self, id: &'a str, user_id: &'a str, ending: Ending) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// Ends all sessions of a user that have not ended, except the given one, and adds them to the revocations. Returns
    /// their identifiers.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    fn end_all<'a>(
        &'a self,
        user_id: &'a str,
        except: Option<&'a str>,
        ending: Ending,
    ) -> BoxFuture<'a, Result<Vec<String>, StoreError>>;

    /// Removes all sessions of a user, with their refresh tokens, cookies and sealed successors, in one step. Adds
    /// those that had not ended to the revocations, which stay, and returns their identifiers.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails. Nothing is removed then.
    fn remove_all<'a>(&'a self, user_id: &'a str, ending: Ending) -> BoxFuture<'a, Result<Vec<String>, StoreError>>;

    /// Makes the access tokens of a user's sessions outdated, so that clients must fetch new ones. Each session that
    /// has not ended starts its next generation and goes on. The tokens of earlier generations are added to the
    /// revocations.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    fn reissue<'a>(
        &'a self,
        user_id: &'a str,
        remember_until: UnixTime,
    ) -> BoxFuture<'a, Result<Vec<Reissued>, StoreError>>;

    /// Adds one access token to the revocations, by its `jti`.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    fn revoke_token<'a>(&'a self, token_id: &'a str, remember_until: UnixTime)
    -> BoxFuture<'a, Result<(), StoreError>>;

    /// Returns the revocations after this position, in the order of their positions; position 0 returns all. A later
    /// call with the last returned position misses no revocation, no matter how many processes write.
    ///
    /// From the answer a process sees whether it has missed revocations. It asks for its newest known revocation and
    /// for those after it. Another mark at that position means that an older copy of the database was restored. A
    /// missing position means that a process with a wrong clock removed a revocation too early. The process then reads
    /// all again from position 0, and answers 503 until it has. A store that leaves gaps between positions works, but
    /// each gap makes each process read all again.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store cannot answer.
    fn revocations(&self, after: u64) -> BoxFuture<'_, Result<Vec<Revocation>, StoreError>>;

    /// Returns the signal by which the store says that another process has revoked tokens, so that they are refused
    /// before the next regular question. Returns `None` when the store does not learn of that, as by default.
    ///
    /// The signal is a hint. Without it, or when it is not raised, a revocation takes effect within
    /// [`revocation_delay`](crate::auth::AuthBuilder::revocation_delay).
    fn revocation_signal(&self) -> Option<RevocationSignal> {
        None
    }

    /// Removes up to `limit` rows of each kind that have expired at `now`: sessions with their credentials, refresh
    /// tokens, sealed successors and revocations. Returns how many it removed. After a full batch, the caller should
    /// call it again.
    ///
    /// The newest revocation stays until another one is added. By it processes recognise what they have read.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    fn remove_expired(&self, now: UnixTime, limit: u32) -> BoxFuture<'_, Result<u64, StoreError>>;
}
