use core::hash::BuildHasher;

use super::{KeyValue, PreparedLimit, Verdict};

/// One limit's demand on one request, and what came of it.
///
/// A request's charges stand side by side in a slice that belongs to the caller. The answers are written into it, so
/// that a check moves and allocates nothing.
#[derive(Clone, Copy, Debug)]
pub struct Charge<'a> {
    limit: &'a PreparedLimit,
    key: KeyValue<'a>,
    state: State,
}

/// An [`Outcome`] whose verdict leaves out the rate, which the limit knows. What a check writes is kept short, since it
/// has to be written out before the next check can take a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    Counted { debt: u64, wait: u64 },
    Local { debt: u64, wait: u64 },
    Uncounted,
    Unavailable,
}

/// What came of a charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// Nobody has decided yet. Never means "allowed".
    Open,
    /// The store decided.
    Counted(Verdict),
    /// The store failed, and this process decided by its own count.
    Local(Verdict),
    /// The store failed, and the limit lets requests pass uncounted then. Also a limit that could not be counted in a
    /// request which another refused.
    Uncounted,
    /// The store failed, and the limit refuses then.
    Unavailable,
}

impl<'a> Charge<'a> {
    /// Count a request under `key` of `limit`.
    #[inline]
    pub const fn new(limit: &'a PreparedLimit, key: KeyValue<'a>) -> Self {
        Self { limit, key, state: State::Open }
    }

    /// The limit.
    #[inline]
    pub const fn limit(&self) -> &'a PreparedLimit {
        self.limit
    }

    /// What the request is counted by.
    #[inline]
    pub const fn key(&self) -> KeyValue<'a> {
        self.key
    }

    /// What came of it.
    pub const fn outcome(&self) -> Outcome {
        match self.state {
            State::Open => Outcome::Open,
            State::Counted { debt, wait } => Outcome::Counted(self.said(debt, wait)),
            State::Local { debt, wait } => Outcome::Local(self.said(debt, wait)),
            State::Uncounted => Outcome::Uncounted,
            State::Unavailable => Outcome::Unavailable,
        }
    }

    /// What the limit said, wherever it was counted.
    pub const fn verdict(&self) -> Option<Verdict> {
        match self.state {
            State::Counted { debt, wait } | State::Local { debt, wait } => Some(self.said(debt, wait)),
            State::Open | State::Uncounted | State::Unavailable => None,
        }
    }

    /// Whether the limit is kept: whether it let the request pass, or would have but only reports.
    #[inline]
    pub const fn is_within(&self) -> bool {
        match self.state {
            State::Counted { wait, .. } | State::Local { wait, .. } => wait == 0,
            State::Uncounted => true,
            State::Open | State::Unavailable => false,
        }
    }

    /// Whether this limit refuses the request. A shadow limit never does.
    #[inline]
    pub const fn refuses(&self) -> bool {
        !self.is_within() && !self.limit.is_shadow()
    }

    /// Write the store's answer.
    #[inline]
    pub const fn answer(&mut self, verdict: Verdict) {
        let (debt, wait) = verdict.parts();
        self.state = State::Counted { debt, wait };
    }

    pub(super) const fn is_open(&self) -> bool {
        matches!(self.state, State::Open)
    }

    pub(super) const fn settle(&mut self, outcome: Outcome) {
        self.state = match outcome {
            Outcome::Open => State::Open,
            Outcome::Counted(verdict) => return self.answer(verdict),
            Outcome::Local(verdict) => {
                let (debt, wait) = verdict.parts();
                State::Local { debt, wait }
            }
            Outcome::Uncounted => State::Uncounted,
            Outcome::Unavailable => State::Unavailable,
        };
    }

    const fn said(&self, debt: u64, wait: u64) -> Verdict {
        Verdict::new(*self.limit.rate(), debt, wait)
    }

    /// The whole key as 64 bits, for a store in this process. `state` is keyed at random, since clients choose keys.
    #[inline]
    pub fn hash_key(&self, state: &impl BuildHasher) -> u64 {
        self.key.hash(self.limit, state)
    }

    /// Append the whole key as bytes, for a store that several processes share.
    ///
    /// A limit of the same scope and quota gives the same bytes for the same value in every process.
    pub fn write_key(&self, out: &mut Vec<u8>) {
        self.key.write(self.limit, out);
    }
}
