use core::time::Duration;

use tokio::time::timeout;

use crate::error::StoreError;

/// The maximum time that a request waits until its use of a credential is recorded. A store that is busy with other
/// writes could delay the record.
const PATIENCE: Duration = Duration::from_millis(50);

/// Returns the answer of `store`, or an error when the answer is late.
///
/// # Errors
/// Returns an error when the store fails or does not answer in time. A late store may have written the record
/// nevertheless.
pub(super) async fn briefly<T>(
    store: &'static str,
    noting: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    timeout(PATIENCE, noting).await.unwrap_or_else(|late| Err(StoreError::new(store, late)))
}
