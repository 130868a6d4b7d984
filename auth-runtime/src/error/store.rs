use core::{error::Error, fmt};
use std::sync::Arc;

use super::causes::WithCauses;

/// The failure of a store to answer, because of the network, the database or a time-out. It never means "not found".
///
/// The client gets 503. Only the operator's event shows the cause.
#[derive(Clone)]
pub struct StoreError {
    store: &'static str,
    source: Arc<dyn Error + Send + Sync>,
    extent: Extent,
    retry_after: Option<u32>,
}

/// What a failure says of the requests beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// The store failed at this call.
    Call,
    /// There is no connection to the store, so that all requests of this moment fail by one cause.
    #[cfg_attr(
        not(any(feature = "redis", feature = "postgres")),
        allow(dead_code, reason = "only servers of databases and limits have connections")
    )]
    Connection,
    /// A part of the store failed, which has a circuit breaker of its own.
    #[cfg_attr(not(feature = "redis"), allow(dead_code, reason = "only a cluster has parts"))]
    Part,
    /// The operator knows: an event reported the same cause a moment ago.
    Told,
}

impl StoreError {
    /// Creates the failure of the store named `store`, caused by `source`.
    pub fn new(store: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { store, source: Arc::from(source.into()), extent: Extent::Call, retry_after: None }
    }

    /// Creates the failure of a store that was not asked, because it failed a moment ago.
    pub(crate) fn unasked(store: &'static str) -> Self {
        Self::new(store, UnaskedError).with_extent(Extent::Told)
    }

    /// Creates the failure of an issuer that gave no answer.
    #[cfg(feature = "remote")]
    pub(crate) fn unanswered() -> Self {
        Self::new("issuer", UnansweredError).with_extent(Extent::Told)
    }

    /// Sets what the failure says of the requests beside it.
    #[must_use]
    pub(crate) fn with_extent(mut self, extent: Extent) -> Self {
        self.extent = extent;
        self
    }

    /// Sets after how many seconds the client may try again.
    #[cfg(feature = "remote")]
    #[must_use]
    pub(crate) fn with_retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Returns after how many seconds the client may try again, if the store says so.
    pub(crate) fn retry_after(&self) -> Option<u32> {
        self.retry_after
    }

    pub(crate) fn extent(&self) -> Extent {
        self.extent
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

/// The words of the failure and of its causes, so that `main` can return it.
impl fmt::Debug for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", WithCauses(self))
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

#[cfg(feature = "remote")]
#[derive(Debug)]
struct UnansweredError;

#[cfg(feature = "remote")]
impl fmt::Display for UnansweredError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the issuer gave no answer; an event of `auth_runtime::remote` has the cause")
    }
}

#[cfg(feature = "remote")]
impl Error for UnansweredError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn main_shows_the_causes_in_words_and_each_once() {
        let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        let error = StoreError::new("notes", StoreError::new("postgres", refused));
        assert_eq!(format!("{error:?}"), "the store `notes` failed: the store `postgres` failed: connection refused");
        let repeats = Repeats(std::fmt::Error);
        let words = "the store `notes` failed: error in a database: an error occurred when formatting an argument";
        assert_eq!(format!("{:?}", StoreError::new("notes", repeats)), words);
    }

    #[derive(Debug)]
    struct Repeats(std::fmt::Error);

    impl fmt::Display for Repeats {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "error in a database: {}", self.0)
        }
    }

    impl Error for Repeats {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&self.0)
        }
    }
}
