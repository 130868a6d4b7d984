use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// The way for a store to say that it has new revocations; returned by
/// [`SessionStore::revocation_signal`](super::SessionStore::revocation_signal). Clones are one signal.
///
/// ```
/// use auth_runtime::store::RevocationSignal;
///
/// let signal = RevocationSignal::new();
/// let heard = signal.clone(); // for the task that listens to the database
/// heard.raise();
/// ```
#[derive(Clone, Debug, Default)]
pub struct RevocationSignal(Arc<AtomicU64>);

impl RevocationSignal {
    /// Creates a signal that was never raised.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets the next request with an access token ask the store for revocations, at most every 100 milliseconds. A
    /// signal that is raised in vain costs one question.
    pub fn raise(&self) {
        self.0.fetch_add(1, Ordering::Release);
    }

    /// Returns how often it was raised.
    pub(crate) fn times(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }
}
