use super::{BoxFuture, ClientLabel, EndReason, SessionRecord};
use crate::{clock::UnixTime, error::StoreError};

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
    fn find_by_token<'a>(&'a self, hash: &'a [u8; 32]) -> BoxFuture<'a, Result<Option<FoundToken>, StoreError>>;

    /// Returns the session that the cookie with this hash continues.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store cannot answer.
    fn find_by_cookie<'a>(&'a self, hash: &'a [u8; 32]) -> BoxFuture<'a, Result<Option<SessionRecord>, StoreError>>;

    /// Returns the sessions of a user that are live at this time, the last used first.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store cannot answer.
    fn list<'a>(&'a self, user_id: &'a str, now: UnixTime) -> BoxFuture<'a, Result<Vec<SessionRecord>, StoreError>>;

    /// Uses up a refresh token and stores its successor, in one step. Any number of rotations of one token may run at
    /// once: exactly one wins, and the others get the successor that it stored.
    ///
    /// The store decides in this order:
    ///
    /// 1. The token is not stored: [`Rotated::Unknown`].
    /// 2. The token's session has ended: [`Rotated::Ended`].
    /// 3. The token was used, and the same client tries again: [`Rotated::Again`], or [`Rotated::Expired`] when the
    ///    session has expired.
    /// 4. The token was used, and the call is not a retry: [`Rotated::Reused`]. The same step ends the session
    ///    with [`EndReason::TokenReuse`], even when the token or its session has expired.
    /// 5. The token belongs to another client's session: [`Rotated::Foreign`]. The token stays unused.
    /// 6. The token or its session has expired: [`Rotated::Expired`]. The token stays unused.
    /// 7. Otherwise the rotation wins: [`Rotated::Won`].
    ///
    /// A call is a retry of the same client when its client equals that of the token's use, and `now` is at most
    /// `grace_seconds` before or after that use. Where `must_match_fingerprint` is true, its fingerprint must equal that
    /// of the use, too. With `grace_seconds` of 0, no call is a retry, not
    /// even in the same second.
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
    /// call with the last returned position misses none, no matter how many processes add revocations.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store cannot answer.
    fn revocations(&self, after: u64) -> BoxFuture<'_, Result<Vec<Revocation>, StoreError>>;

    /// Removes up to `limit` rows of each kind that have expired at `now`: sessions with their credentials, refresh
    /// tokens, sealed successors and revocations. Returns how many it removed. After a full batch, the caller should
    /// call it again.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    fn remove_expired(&self, now: UnixTime, limit: u32) -> BoxFuture<'_, Result<u64, StoreError>>;
}

/// The first credential that continues a session.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FirstCredential {
    /// A refresh token. It expires when the unused session does.
    RefreshToken {
        /// SHA-256 of the token.
        hash: [u8; 32],
    },
    /// A cookie.
    Cookie {
        /// SHA-256 of its value.
        hash: [u8; 32],
    },
}

/// A stored refresh token. Only [`SessionStore::rotate`] decides whether it may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundToken {
    /// The session that it belongs to.
    pub session: SessionRecord,
    /// Whether the token was used. A use is never undone.
    pub is_used: bool,
}

/// The arguments of [`SessionStore::rotate`].
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Rotation<'a> {
    /// SHA-256 of the token.
    pub hash: &'a [u8; 32],
    /// The client that presents it.
    pub client_id: &'a str,
    /// The hash of a value that a client keeps while it retries. It distinguishes a lost answer from a copied token.
    pub fingerprint: &'a [u8; 32],
    /// Whether a retry must present the fingerprint of the token's use. The store keeps the fingerprint in either case,
    /// since the next rotation may ask for it.
    pub must_match_fingerprint: bool,
    /// SHA-256 of the successor.
    pub successor: &'a [u8; 32],
    /// The successor, sealed so that only a holder of the presented token can read it.
    pub sealed: &'a [u8],
    /// The client that uses the session now.
    pub client: &'a ClientLabel,
    /// The current time.
    pub now: UnixTime,
    /// How long after its use a token still gets the same successor, in seconds.
    pub grace_seconds: u32,
    /// When the successor and the session expire unless they are used.
    pub idle_expires_at: UnixTime,
    /// When the revocation can be forgotten, should the session end.
    pub remember_until: UnixTime,
}

/// The result of a rotation. Only the first two allow the caller to issue tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum Rotated {
    /// The token was valid. It is used up now, and its successor is stored.
    Won(SessionRecord),
    /// The same client used the token a moment ago: an answer was lost, or two of its tasks used the token at once.
    Again {
        /// The session.
        session: SessionRecord,
        /// The successor that the first use stored, as it was sealed.
        sealed: Vec<u8>,
    },
    /// The token was used before, so two parties have a copy. Its session was live until now and is ended.
    Reused(SessionRecord),
    /// The token belongs to a session that had ended.
    Ended(SessionRecord),
    /// The token is valid but belongs to another client.
    Foreign(SessionRecord),
    /// The token or its session has expired. The token was never used, or the same client used it a moment ago.
    Expired,
    /// The token does not exist, or it expired long ago and was removed.
    Unknown,
}

/// The arguments of [`SessionStore::touch`].
#[derive(Clone, Copy, Debug)]
pub struct Touch<'a> {
    /// The session.
    pub id: &'a str,
    /// The client that uses the session now.
    pub client: &'a ClientLabel,
    /// The current time.
    pub now: UnixTime,
    /// When the session expires unless it is used.
    pub idle_expires_at: UnixTime,
}

/// The hashes of a cookie and of its replacement.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CookieSwap {
    /// SHA-256 of the present value.
    pub old: [u8; 32],
    /// SHA-256 of the next value.
    pub new: [u8; 32],
}

/// How sessions end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The reason.
    pub why: EndReason,
    /// The current time.
    pub now: UnixTime,
    /// When the session's last access token has expired, so that the revocation can be forgotten.
    pub remember_until: UnixTime,
}

/// A session whose access tokens have become outdated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reissued {
    /// The session's identifier.
    pub session_id: String,
    /// The session's new generation. Tokens of earlier generations are refused.
    pub generation: u32,
}

/// Access tokens that are refused before they expire.
#[derive(Clone, PartialEq, Eq)]
pub struct Revocation {
    /// The position among all revocations. Positions grow, and the first is 1.
    pub position: u64,
    /// The tokens that are revoked.
    pub target: RevokedTarget,
    /// Revokes only tokens of generations before this one. `None` revokes all tokens of the target.
    pub before_generation: Option<u32>,
    /// The first second in which the revocation can be forgotten.
    pub remember_until: UnixTime,
}

/// The target of a revocation.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RevokedTarget {
    /// All tokens of a session, by `sid`.
    Session(String),
    /// One token, by `jti`.
    Token(String),
}
