use core::{error::Error, fmt};

/// A store failed to answer: the network, the database, a time-out. Never means "not found".
///
/// The client is told 503; the cause goes to the operator's event only.
#[derive(Debug)]
pub struct StoreError {
    store: &'static str,
    source: Box<dyn Error + Send + Sync>,
}

impl StoreError {
    /// The store of this name failed because of `source`.
    pub fn new(store: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { store, source: source.into() }
    }

    /// The store's name.
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
