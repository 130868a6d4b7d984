use crate::clock::UnixTime;

/// How long sessions live, in seconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifetimes {
    /// Unused.
    pub(crate) idle: i64,
    /// However much it is used.
    pub(crate) absolute: i64,
    /// For how long the successor of a used refresh token is answered again.
    pub(crate) grace: u32,
    /// Of an access token, with the seconds for which an expired one is still accepted.
    pub(crate) access_token: i64,
}

/// By how much the clocks of processes that share a store may differ without bringing back what was revoked: one that is
/// behind writes down an end that is too early, and one that is ahead removes it too early. It costs some rows for some
/// minutes more, and no caller notices.
pub(crate) const CLOCKS_APART: i64 = 300;

impl Lifetimes {
    /// When a session that is used now and ends at `absolute` ends by idleness.
    pub(crate) fn idle_end(self, now: UnixTime, absolute: UnixTime) -> UnixTime {
        now.plus_seconds(self.idle).min(absolute)
    }

    /// Whether no access token of these settings that was issued then can be good any more.
    pub(crate) fn is_outlived(self, issued_at: UnixTime, now: UnixTime) -> bool {
        now.seconds_since(issued_at) > self.access_token
    }

    /// For how long a revocation has to be remembered. One second more than the last token lives, since a token of another
    /// process may carry that process's later second. And twice what clocks differ by: the token may be of one that is ahead,
    /// and good for as long as one that is behind says.
    pub(crate) fn remembered(self) -> i64 {
        self.access_token.saturating_add(1).saturating_add(2 * CLOCKS_APART)
    }

    /// Until when what is revoked now has to be remembered.
    pub(crate) fn remember_until(self, now: UnixTime) -> UnixTime {
        now.plus_seconds(self.remembered())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idleness_ends_no_later_than_all_and_a_revocation_outlives_every_token() {
        let lifetimes = Lifetimes { idle: 10, absolute: 100, grace: 20, access_token: 15 };
        let at = UnixTime::from_seconds;
        assert_eq!(lifetimes.idle_end(at(1), at(101)), at(11));
        assert_eq!(lifetimes.idle_end(at(95), at(101)), at(101));
        assert_eq!(lifetimes.remember_until(at(1)), at(617));
        assert!(!lifetimes.is_outlived(at(1), at(16)) && lifetimes.is_outlived(at(1), at(17)));
        assert!(
            !lifetimes.is_outlived(at(i64::MAX), at(i64::MIN)) && lifetimes.is_outlived(at(i64::MIN), at(i64::MAX))
        );
    }
}
