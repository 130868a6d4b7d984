use crate::clock::UnixTime;

use super::{Fingerprint, Rotated, Rotation, SessionRecord};

impl Rotation<'_> {
    /// Decides whether this rotation may use the stored token, which continues `session`. A store calls this in the
    /// same atomic step in which it reads and writes the two rows.
    ///
    /// The token's hash is the rotation's. A store that does not find the token returns [`Rotated::Unknown`] instead.
    /// [`SessionStore::rotate`](super::SessionStore::rotate) gives the order of the decisions.
    pub fn judge(&self, session: SessionRecord, token: PresentedToken<'_>) -> RotationVerdict {
        if session.ended.is_some() {
            return RotationVerdict::Settled(Rotated::Ended(session));
        }
        let is_foreign = session.client_id != self.client_id;
        if let Some(used) = token.used {
            return match if is_foreign { None } else { self.sealed_of(&used) } {
                Some(_) if !session.is_live(self.now) => RotationVerdict::Settled(Rotated::Expired),
                Some(sealed) => RotationVerdict::Settled(Rotated::again(session, sealed.to_vec())),
                None => RotationVerdict::Copied(session),
            };
        }
        if is_foreign {
            return RotationVerdict::Settled(Rotated::Foreign(session));
        }
        if self.now >= token.expires_at || !session.is_live(self.now) {
            return RotationVerdict::Settled(Rotated::Expired);
        }
        RotationVerdict::Good(session)
    }

    /// Returns the stored successor, if the same client retries within the grace window. A clock that went back by more
    /// than the window makes a retry as suspicious as a late one.
    fn sealed_of<'t>(&self, used: &TokenUse<'t>) -> Option<&'t [u8]> {
        let apart = self.now.seconds_since(used.at).unsigned_abs();
        // With a grace window of zero, not even a retry in the same second is answered.
        let is_in_time = self.grace_seconds > 0 && apart <= u64::from(self.grace_seconds);
        let is_same = !self.must_match_fingerprint || used.fingerprint?.is_same(self.fingerprint);
        used.sealed.filter(|sealed| is_in_time && is_same && !sealed.is_empty())
    }
}

/// A stored refresh token that a client presents, for [`Rotation::judge`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct PresentedToken<'a> {
    /// When the token expires.
    pub expires_at: UnixTime,
    /// The use of the token, or `None` if it was not used.
    pub used: Option<TokenUse<'a>>,
}

impl PresentedToken<'_> {
    /// Describes a token that was not used.
    pub const fn new(expires_at: UnixTime) -> Self {
        Self { expires_at, used: None }
    }
}

/// The use of a refresh token, as the store recorded it. `Debug` does not show the sealed successor.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct TokenUse<'a> {
    /// When the token was used: the rotation's `now`.
    pub at: UnixTime,
    /// The fingerprint of the client that used it. Without one, only a rotation that need not match it is a retry.
    pub fingerprint: Option<&'a Fingerprint>,
    /// The sealed successor. No call is a retry once the store has removed it.
    pub sealed: Option<&'a [u8]>,
}

impl TokenUse<'_> {
    /// Describes a use at this time, without a fingerprint and a successor.
    pub const fn new(at: UnixTime) -> Self {
        Self { at, fingerprint: None, sealed: None }
    }
}

/// What a store has to do about a presented refresh token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum RotationVerdict {
    /// The token may be used. The store records its use, stores its successor, and returns [`Rotated::Won`].
    Good(SessionRecord),
    /// Two parties have the token, and the store cannot tell which of them is the thief. It ends the session with
    /// [`EndReason::TokenReuse`](super::EndReason::TokenReuse), and returns [`Rotated::Reused`] with the ended session.
    Copied(SessionRecord),
    /// The store returns this result, and writes nothing.
    Settled(Rotated),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        store::{ClientLabel, EndReason, Ended, SessionKind},
        token::TokenHash,
    };

    const ME: Fingerprint = Fingerprint::from_bytes([1; 32]);
    const OTHER: Fingerprint = Fingerprint::from_bytes([2; 32]);

    fn at(seconds: i64) -> UnixTime {
        UnixTime::from_seconds(seconds)
    }

    fn session() -> SessionRecord {
        SessionRecord {
            idle_expires_at: at(500),
            absolute_expires_at: at(500),
            ..SessionRecord::new("s", "alice", "app", SessionKind::Bearer, at(0))
        }
    }

    /// Judges at 100, with a grace of 20 seconds unless `change` sets another.
    fn judged(session: SessionRecord, used: Option<TokenUse<'_>>, change: impl FnOnce(&mut Rotation<'_>)) -> String {
        let (hash, successor) = (TokenHash::from_bytes([3; 32]), TokenHash::from_bytes([4; 32]));
        let label = ClientLabel::default();
        let mut rotation = Rotation::new(&hash, &successor, b"new", "app", &ME, &label, at(100));
        rotation.grace_seconds = 20;
        change(&mut rotation);
        let verdict = rotation.judge(session, PresentedToken { used, ..PresentedToken::new(at(200)) });
        let word = match verdict {
            RotationVerdict::Good(_) => "good",
            RotationVerdict::Copied(_) => "copied",
            RotationVerdict::Settled(Rotated::Again { sealed, .. }) if sealed == b"old" => "again",
            RotationVerdict::Settled(Rotated::Ended(_)) => "ended",
            RotationVerdict::Settled(Rotated::Foreign(_)) => "foreign",
            RotationVerdict::Settled(Rotated::Expired) => "expired",
            RotationVerdict::Settled(_) => "another",
        };
        word.to_owned()
    }

    fn used(fingerprint: Option<&Fingerprint>) -> Option<TokenUse<'_>> {
        Some(TokenUse { fingerprint, sealed: Some(b"old"), ..TokenUse::new(at(90)) })
    }

    #[test]
    fn an_unused_token_is_good_for_its_client_until_it_expires() {
        assert_eq!(judged(session(), None, |_| {}), "good");
        assert_eq!(judged(session(), None, |rotation| rotation.fingerprint = &OTHER), "good");
        assert_eq!(judged(session(), None, |rotation| rotation.client_id = "another"), "foreign");
        assert_eq!(judged(session(), None, |rotation| rotation.now = at(199)), "good");
        assert_eq!(judged(session(), None, |rotation| rotation.now = at(200)), "expired");
        assert_eq!(judged(SessionRecord { idle_expires_at: at(100), ..session() }, None, |_| {}), "expired");
    }

    #[test]
    fn a_used_token_is_answered_only_for_a_retry_in_time() {
        assert_eq!(judged(session(), used(Some(&ME)), |_| {}), "again");
        for (now, word) in [(69, "copied"), (70, "again"), (110, "again"), (111, "copied")] {
            assert_eq!(judged(session(), used(Some(&ME)), |rotation| rotation.now = at(now)), word, "{now}");
        }
        let no_grace = |rotation: &mut Rotation<'_>| (rotation.grace_seconds, rotation.now) = (0, at(90));
        assert_eq!(judged(session(), used(Some(&ME)), no_grace), "copied");
        assert_eq!(judged(session(), used(Some(&ME)), |rotation| rotation.client_id = "another"), "copied");
        assert_eq!(judged(SessionRecord { idle_expires_at: at(100), ..session() }, used(Some(&ME)), |_| {}), "expired");
    }

    #[test]
    fn a_retry_shows_the_fingerprint_of_the_use_unless_it_need_not() {
        for fingerprint in [Some(&OTHER), None] {
            assert_eq!(judged(session(), used(fingerprint), |_| {}), "copied");
            assert_eq!(
                judged(session(), used(fingerprint), |rotation| rotation.must_match_fingerprint = false),
                "again"
            );
        }
    }

    #[test]
    fn a_use_without_its_successor_is_a_copy() {
        for sealed in [None, Some(&b""[..])] {
            assert_eq!(judged(session(), used(Some(&ME)).map(|used| TokenUse { sealed, ..used }), |_| {}), "copied");
        }
    }

    #[test]
    fn an_ended_session_comes_before_everything_else() {
        let ended = SessionRecord { ended: Some(Ended { at: at(50), reason: EndReason::SignedOut }), ..session() };
        assert_eq!(judged(ended.clone(), None, |rotation| rotation.client_id = "another"), "ended");
        assert_eq!(judged(ended, used(Some(&OTHER)), |rotation| rotation.now = at(900)), "ended");
    }
}
