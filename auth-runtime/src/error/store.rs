use core::{error::Error, fmt};
use std::sync::Arc;

/// The failure of a store to answer, because of the network, the database or a time-out. It never means "not found".
///
/// The client gets 503. Only the operator's event shows the cause.
#[derive(Clone, Debug)]
pub struct StoreError {
    store: &'static str,
    source: Arc<dyn Error + Send + Sync>,
}

impl StoreError {
    /// Creates the failure of the store named `store`, caused by `source`.
    pub fn new(store: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { store, source: Arc::from(source.into()) }
    }

    /// Creates the failure of a store that was not asked, because it failed a moment ago.
    pub(crate) fn unasked(store: &'static str) -> Self {
        Self::new(store, UnaskedError)
    }

    /// Returns whether the store was not asked. The operator was told when it began to fail.
    pub(crate) fn is_unasked(&self) -> bool {
        self.source.is::<UnaskedError>()
    }

    /// Returns the store's name.
    pub fn store(&self) -> &'static str {
        self.store
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the store `{}` failed", self.store)
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}

#[derive(Debug)]
struct UnaskedError;

impl fmt::Display for UnaskedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the store failed before, and is not asked until it answers a probe")
    }
}

impl Error for UnaskedError {}
