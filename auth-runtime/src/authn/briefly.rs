use core::time::Duration;

use tokio::time::timeout;

use crate::error::StoreError;

/// Nobody waits longer for a note of use, which a store that is busy with other writes would keep back.
const PATIENCE: Duration = Duration::from_millis(50);

/// What `store` answers, or that it is late.
///
/// # Errors
/// When the store fails, or does not answer in time. The note may have been made then.
pub(super) async fn briefly<T>(
    store: &'static str,
    noting: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    timeout(PATIENCE, noting).await.unwrap_or_else(|late| Err(StoreError::new(store, late)))
}
