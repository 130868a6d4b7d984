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
