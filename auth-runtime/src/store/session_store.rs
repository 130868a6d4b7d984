use super::{BoxFuture, ClientLabel, EndReason, SessionRecord};
use crate::{clock::UnixTime, error::StoreError};

/// Where sessions are kept, with the refresh tokens and cookies that continue them: opaque, and only as hashes.
///
/// Rows are looked up by the SHA-256 of 256 random bits, so that the time of a look-up tells nothing about any secret.
/// Every method is one atomic step, from any number of tasks and processes, and durable before it is reported.
pub trait SessionStore: Send + Sync + 'static {
    /// Keep a new session and the first credential that continues it, which is about to be handed out.
    ///
    /// # Errors
    /// When the identifier or the hash is there already, or the store fails. Nothing is kept then, and the credential
    /// must not be handed out.
    fn begin(&self, session: SessionRecord, credential: FirstCredential) -> BoxFuture<'_, Result<(), StoreError>>;

    /// The session of this identifier, ended and expired ones included for as long as they are kept.
    ///
    /// # Errors
    /// When the store cannot tell.
    fn find_session<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<SessionRecord>, StoreError>>;

    /// The refresh token of this hash, whether or not it was used or its session has ended.
    ///
    /// # Errors
    /// When the store cannot tell.
    fn find_by_token<'a>(&'a self, hash: &'a [u8; 32]) -> BoxFuture<'a, Result<Option<FoundToken>, StoreError>>;

    /// The session that the cookie of this hash continues.
    ///
    /// # Errors
    /// When the store cannot tell.
    fn find_by_cookie<'a>(&'a self, hash: &'a [u8; 32]) -> BoxFuture<'a, Result<Option<SessionRecord>, StoreError>>;

    /// The sessions of a user that are live at this time, the last used first.
    ///
    /// # Errors
    /// When the store cannot tell.
    fn list<'a>(&'a self, user_id: &'a str, now: UnixTime) -> BoxFuture<'a, Result<Vec<SessionRecord>, StoreError>>;

    /// Use up a refresh token and keep its successor, in one step. Of any number of rotations of one token, exactly one
    /// wins; the others are told what it stored.
    ///
    /// In this order: a token that is not there is [`Rotated::Unknown`]; one of an ended session [`Rotated::Ended`]. One
    /// that was used comes from a client that tries again where `now` is at most `grace_seconds` from its use, before or
    /// after (with 0, not even in the same second), the client is that of its use, and so is the fingerprint, unless
    /// `must_match_fingerprint` is false: it is answered [`Rotated::Again`], or [`Rotated::Expired`] where the session has expired by now. Otherwise its session is ended with
    /// [`EndReason::TokenReuse`], in the same step, also where the token or its session has expired. One that was not used is
    /// [`Rotated::Foreign`] for another client than its session's, and [`Rotated::Expired`] where it or its session has
    /// expired; neither uses it up.
    ///
    /// # Errors
    /// When the store fails. The rotation may have been made then, and nothing may be minted.
    fn rotate<'a>(&'a self, rotation: Rotation<'a>) -> BoxFuture<'a, Result<Rotated, StoreError>>;

    /// Note that a session is in use, and until when it now lives; `false` when it has ended or expired, or is not there.
    /// Times never go back, and the device keeps its name.
    ///
    /// # Errors
    /// When the store fails.
    fn touch<'a>(&'a self, touch: Touch<'a>) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// Note when the person has proved who they are, and replace the cookie's hash in the same step, where `cookie` is given.
    /// The time may be the one that is known, and never goes back. `false` when the session has ended, is not there, or its cookie is another by now.
    ///
    /// # Errors
    /// When the store fails. The cookie may have been replaced then.
    fn reauthenticated<'a>(
        &'a self,
        id: &'a str,
        cookie: Option<CookieSwap>,
        auth_time: UnixTime,
    ) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// End one session of this user, and add it to the revocations; `false` when there is no such session, it is another
    /// user's, or it had ended before.
    ///
    /// # Errors
    /// When the store fails.
    fn end<'a>(&'a self, id: &'a str, user_id: &'a str, ending: Ending) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// End all sessions of a user that had not ended, but for one, and add them to the revocations; their identifiers.
    ///
    /// # Errors
    /// When the store fails.
    fn end_all<'a>(
        &'a self,
        user_id: &'a str,
        except: Option<&'a str>,
        ending: Ending,
    ) -> BoxFuture<'a, Result<Vec<String>, StoreError>>;

    /// Have the access tokens of a user's sessions issued anew: each session that had not ended begins its next generation,
    /// the tokens of earlier ones are added to the revocations, and the session goes on.
    ///
    /// # Errors
    /// When the store fails.
    fn reissue<'a>(
        &'a self,
        user_id: &'a str,
        remember_until: UnixTime,
    ) -> BoxFuture<'a, Result<Vec<Reissued>, StoreError>>;

    /// Add one access token to the revocations, by its `jti`.
    ///
    /// # Errors
    /// When the store fails.
    fn revoke_token<'a>(&'a self, token_id: &'a str, remember_until: UnixTime)
    -> BoxFuture<'a, Result<(), StoreError>>;

    /// The revocations after this position, in order of their positions; from the beginning with 0. A later call with the
    /// last position misses none, however many processes add to them.
    ///
    /// # Errors
    /// When the store cannot tell.
    fn revocations(&self, after: u64) -> BoxFuture<'_, Result<Vec<Revocation>, StoreError>>;

    /// Remove up to `limit` rows of each kind whose time is over at `now`: sessions with their credentials, refresh
    /// tokens, sealed successors, revocations; how many. A full batch is a reason to ask again.
    ///
    /// # Errors
    /// When the store fails.
    fn remove_expired(&self, now: UnixTime, limit: u32) -> BoxFuture<'_, Result<u64, StoreError>>;
}

/// What continues a session at its beginning.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FirstCredential {
    /// A refresh token, which expires when the session does by idleness.
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

/// A refresh token that is kept. Only [`SessionStore::rotate`] decides what it entitles to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundToken {
    /// The session that it belongs to.
    pub session: SessionRecord,
    /// Whether it was used, which is never undone.
    pub is_used: bool,
}

/// A refresh token is presented.
#[derive(Clone, Copy)]
pub struct Rotation<'a> {
    /// SHA-256 of the token.
    pub hash: &'a [u8; 32],
    /// The client that presents it.
    pub client_id: &'a str,
    /// What a client keeps while it tries again, as a hash: tells a lost answer from a copied token.
    pub fingerprint: &'a [u8; 32],
    /// Whether a retry must come with the fingerprint of the use. Where it need not, the fingerprint is stored all the same:
    /// the next rotation may ask for it.
    pub must_match_fingerprint: bool,
    /// SHA-256 of the token that is to follow.
    pub successor: &'a [u8; 32],
    /// That token, sealed so that only a holder of the presented one can read it.
    pub sealed: &'a [u8],
    /// Where the session is used now.
    pub client: &'a ClientLabel,
    /// The time.
    pub now: UnixTime,
    /// For how many seconds after its use the same successor is answered again.
    pub grace_seconds: u32,
    /// When successor and session expire unless they are used.
    pub idle_expires_at: UnixTime,
    /// How long a revocation is of use, should the session end.
    pub remember_until: UnixTime,
}

/// What became of a rotation. Only the first two entitle to anything.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum Rotated {
    /// The token was good, is used up now, and its successor is stored.
    Won(SessionRecord),
    /// The token was used a moment ago, by the same client: an answer was lost, or two tasks of it were at it.
    Again {
        /// The session.
        session: SessionRecord,
        /// The successor that was stored then, as it was sealed.
        sealed: Vec<u8>,
    },
    /// The token was used before: somebody has a copy. Its session was live until now, and is ended.
    Reused(SessionRecord),
    /// The token is of a session that had ended.
    Ended(SessionRecord),
    /// The token is good, and another client's.
    Foreign(SessionRecord),
    /// The token or its session is too old by now. It was never used, or a moment ago by the same client.
    Expired,
    /// There is no such token, or it expired long ago and was removed.
    Unknown,
}

/// A session is in use.
#[derive(Clone, Copy, Debug)]
pub struct Touch<'a> {
    /// The session.
    pub id: &'a str,
    /// Where it is used now.
    pub client: &'a ClientLabel,
    /// The time.
    pub now: UnixTime,
    /// When it expires unless it is used.
    pub idle_expires_at: UnixTime,
}

/// The hash of a cookie, and of the one that takes its place.
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
    /// Why.
    pub why: EndReason,
    /// The time.
    pub now: UnixTime,
    /// When the last access token of the session has expired: the revocation is of no use from then on.
    pub remember_until: UnixTime,
}

/// A session whose access tokens are issued anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reissued {
    /// The session.
    pub session_id: String,
    /// Its generation from now on; tokens of an earlier one are refused.
    pub generation: u32,
}

/// Access tokens that are refused although they have not expired.
#[derive(Clone, PartialEq, Eq)]
pub struct Revocation {
    /// Its place among all revocations, growing; the first is 1.
    pub position: u64,
    /// Which tokens.
    pub target: RevokedTarget,
    /// Only those of the session's generations before this one; all without it.
    pub before_generation: Option<u32>,
    /// The second from which it need not be known any more.
    pub remember_until: UnixTime,
}

/// What a revocation is about.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RevokedTarget {
    /// All tokens of a session, by `sid`.
    Session(String),
    /// One token, by `jti`.
    Token(String),
}
