use core::{fmt, future::Future, pin::Pin};

use super::Charge;
use crate::{clock::Clock, error::StoreError};

/// A place where counters are kept.
///
/// An implementation decides with [`Rate::decide`](super::Rate::decide) or with the same arithmetic, so that all stores
/// give the same answers for the same times.
pub trait LimitStore: Send + Sync + 'static {
    /// Checks all `charges` of a request in one step, and charges all of them or none.
    ///
    /// - Each charge gets its [`answer`](Charge::answer). A store that leaves a charge unanswered has failed.
    /// - When a limit refuses that is not a [shadow](super::PreparedLimit::is_shadow), nothing is charged.
    /// - When a shadow limit refuses, only this limit is not charged.
    /// - The same key may occur twice in a request. It is then charged twice.
    ///
    /// `clock` is this process's clock. The store gets the clock rather than a time, so that it can read the time at a
    /// point where no other request comes between reading and counting. A time that was read earlier may be outdated. A
    /// store that several processes share uses its own clock instead, because the clocks of machines differ.
    fn charge<'a>(&'a self, charges: &'a mut [Charge<'_>], clock: &'a dyn Clock) -> Answer<'a>;
}

/// The answer of a store: available now, or after waiting.
///
/// Memory answers at once and allocates nothing. Only a store that waits pays for a boxed future.
pub enum Answer<'a> {
    /// The store has answered or failed.
    Ready(Result<(), StoreError>),
    /// The store will answer. Dropping the future stops waiting for it.
    Pending(Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + 'a>>),
}

impl fmt::Debug for Answer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ready(answer) => f.debug_tuple("Ready").field(answer).finish(),
            Self::Pending(_) => f.debug_tuple("Pending").finish_non_exhaustive(),
        }
    }
}
