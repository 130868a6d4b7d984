use core::{future::Future, pin::Pin};

use super::Charge;
use crate::{clock::Clock, error::StoreError};

/// Where counters are kept.
///
/// An implementation decides with [`Rate::decide`](super::Rate::decide) or the same arithmetic, so that all stores
/// give the same answers for the same times.
pub trait LimitStore: Send + Sync + 'static {
    /// Check all `charges` of a request in one step, and charge all of them or none.
    ///
    /// Each charge gets its [`answer`](Charge::answer); a store that leaves one out has failed. Nothing is charged when a limit that is not a
    /// [shadow](super::PreparedLimit::is_shadow) refuses. A shadow limit that refuses is left out of the charging, and
    /// the rest goes on. The same key may occur twice in a request and is charged twice then.
    ///
    /// `clock` is this process's. It is handed in rather than its time, so that a store can read it where no other
    /// request comes between the reading and the counting: a time that was read earlier may be old by then. A store
    /// that several processes share takes its own clock instead, since those of machines differ.
    fn charge<'a>(&'a self, charges: &'a mut [Charge<'_>], clock: &'a dyn Clock) -> Answer<'a>;
}

/// Whether the store has answered: now, or after waiting.
///
/// Memory answers at once and allocates nothing; only a store that waits pays for a boxed future.
pub enum Answer<'a> {
    /// It has, or it failed.
    Ready(Result<(), StoreError>),
    /// It will. Dropping the future gives up waiting.
    Pending(Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + 'a>>),
}
