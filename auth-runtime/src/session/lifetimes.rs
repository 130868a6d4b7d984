use crate::clock::UnixTime;

/// The lifetimes of sessions and of what belongs to them, in seconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifetimes {
    /// The life of a session that is not used.
    pub(crate) idle: i64,
    /// The life of a session, no matter how much it is used.
    pub(crate) absolute: i64,
    /// The life of an access token, including the seconds for which an expired one is still accepted.
    pub(crate) access_token: i64,
}

/// For how many days a session lasts that is not used, unless set otherwise.
pub(crate) const IDLE_DAYS: u32 = 7;

/// For how many days a session lasts, no matter how much it is used, unless set otherwise.
pub(crate) const ABSOLUTE_DAYS: u32 = 90;

/// How far the clocks of processes that share a store may differ without making a revoked token valid again, in
/// seconds. A process with a slow clock records an end that is too early. A process with a fast clock removes
/// the record too early. The allowance keeps some rows for a few minutes longer, and callers do not notice it.
pub(crate) const CLOCKS_APART: i64 = 300;

impl Lifetimes {
    /// Returns when a session that is used now expires if it is not used again. It always ends by `absolute`.
    pub(crate) fn idle_end(self, now: UnixTime, absolute: UnixTime) -> UnixTime {
        now.plus_seconds(self.idle).min(absolute)
    }

    /// Returns whether every access token issued then, under these settings, has expired.
    pub(crate) fn is_outlived(self, issued_at: UnixTime, now: UnixTime) -> bool {
        now.seconds_since(issued_at) > self.access_token
    }

    /// Returns how long a revocation must be remembered, in seconds. The result is one second more than the life of an
    /// access token, because another process may already be in the next second. It adds twice the difference of clocks.
    /// A process that is ahead may have issued the token, and a process that is behind may still accept it.
    pub(crate) fn remembered(self) -> i64 {
        self.access_token.saturating_add(1).saturating_add(2 * CLOCKS_APART)
    }

    /// Returns until when a revocation made now must be remembered.
    pub(crate) fn remember_until(self, now: UnixTime) -> UnixTime {
        now.plus_seconds(self.remembered())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idleness_ends_no_later_than_all_and_a_revocation_outlives_every_token() {
        let lifetimes = Lifetimes { idle: 10, absolute: 100, access_token: 15 };
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
