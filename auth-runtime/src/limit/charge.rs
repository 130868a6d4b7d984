use core::{hash::BuildHasher, num::NonZeroU32};

use super::{KeyValue, PreparedLimit, Verdict};

/// The charge of one request to one limit, and its outcome.
///
/// The charges of a request are a slice that belongs to the caller. The store writes its answers into the slice, so
/// that a check moves and allocates nothing.
#[derive(Clone, Copy, Debug)]
pub struct Charge<'a> {
    limit: &'a PreparedLimit,
    key: KeyValue<'a>,
    state: State,
}

/// An [`Outcome`] without the rate, which the limit knows. The state is kept short because a check must write it to
/// memory before the next check can take a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    Counted {
        debt: u64,
        wait: u64,
    },
    /// With the number of processes that divide the limit among them.
    Local {
        instances: NonZeroU32,
        debt: u64,
        wait: u64,
    },
    Uncounted,
    Unavailable,
}

/// The outcome of a charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The charge is still undecided. This never means "allowed".
    Open,
    /// The store decided.
    Counted(Verdict),
    /// The store failed, and this process decided with its own counters.
    Local(Verdict),
    /// The store failed, and the limit admits uncounted requests during an outage. The outcome also marks a limit that
    /// could not be counted in a request that another limit refused.
    Uncounted,
    /// The store failed, and the limit refuses requests during an outage.
    Unavailable,
}

impl<'a> Charge<'a> {
    /// Creates a charge to `limit` under `key`.
    #[inline]
    pub const fn new(limit: &'a PreparedLimit, key: KeyValue<'a>) -> Self {
        Self { limit, key, state: State::Open }
    }

    /// Returns the limit.
    #[inline]
    pub const fn limit(&self) -> &'a PreparedLimit {
        self.limit
    }

    /// Returns the value by which the request is counted.
    #[inline]
    pub const fn key(&self) -> KeyValue<'a> {
        self.key
    }

    /// Returns the outcome.
    pub const fn outcome(&self) -> Outcome {
        match self.state {
            State::Open => Outcome::Open,
            State::Counted { debt, wait } => Outcome::Counted(self.said(debt, wait)),
            State::Local { instances, debt, wait } => Outcome::Local(self.said_locally(instances, debt, wait)),
            State::Uncounted => Outcome::Uncounted,
            State::Unavailable => Outcome::Unavailable,
        }
    }

    /// Returns the verdict of the limit, counted by the store or by this process.
    pub const fn verdict(&self) -> Option<Verdict> {
        match self.state {
            State::Counted { debt, wait } => Some(self.said(debt, wait)),
            State::Local { instances, debt, wait } => Some(self.said_locally(instances, debt, wait)),
            State::Open | State::Uncounted | State::Unavailable => None,
        }
    }

    /// Returns whether the request is within the limit. A shadow limit reports this too, although it never refuses. A
    /// request that was admitted uncounted is within the limit.
    #[inline]
    pub const fn is_within(&self) -> bool {
        match self.state {
            State::Counted { wait, .. } | State::Local { wait, .. } => wait == 0,
            State::Uncounted => true,
            State::Open | State::Unavailable => false,
        }
    }

    /// Returns whether this limit refuses the request. A shadow limit never does.
    #[inline]
    pub const fn refuses(&self) -> bool {
        !self.is_within() && !self.limit.is_shadow()
    }

    /// Records the store's answer.
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
            Outcome::Local(verdict) => return self.answer_locally(verdict, NonZeroU32::MIN),
            Outcome::Uncounted => State::Uncounted,
            Outcome::Unavailable => State::Unavailable,
        };
    }

    /// Records this process's own answer. It counted under its [share](PreparedLimit::share) of the limit.
    pub(super) const fn answer_locally(&mut self, verdict: Verdict, instances: NonZeroU32) {
        let (debt, wait) = verdict.parts();
        self.state = State::Local { instances, debt, wait };
    }

    /// Returns the charge of the same key to another limit.
    pub(super) const fn under<'b>(&self, limit: &'b PreparedLimit) -> Charge<'b>
    where
        'a: 'b,
    {
        Charge::new(limit, self.key)
    }

    const fn said_locally(&self, instances: NonZeroU32, debt: u64, wait: u64) -> Verdict {
        Verdict::from_parts(self.limit.share_of_rate(instances), (debt, wait))
    }

    const fn said(&self, debt: u64, wait: u64) -> Verdict {
        Verdict::from_parts(*self.limit.rate(), (debt, wait))
    }

    /// Hashes the whole key to 64 bits, for a store in this process. `state` must have random keys, because clients
    /// choose the values.
    #[inline]
    pub fn hash_key(&self, state: &impl BuildHasher) -> u64 {
        self.key.hash(self.limit, state)
    }

    /// Appends the whole key as bytes, for a store that several processes share.
    ///
    /// A limit of the same scope and quota produces the same bytes for the same value in every process. The bytes hold
    /// the value as it is, for example a header's. Hash them where readers of the store must not see it.
    pub fn write_key(&self, out: &mut Vec<u8>) {
        self.key.write(self.limit, out);
    }
}
