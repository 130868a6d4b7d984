use core::time::Duration;

use tokio::time::sleep;

use super::event::store_failed;
use crate::error::StoreError;

/// The pauses before the tries. A longer failure is an outage, which an operator handles anyway.
const PAUSES: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];

/// Tries a few times, over seven seconds, to complete what a store has interrupted. The client has its answer already.
/// The caller has reported the failure that made this necessary.
///
/// # Errors
/// Returns the error of the last try, for an event that names the account. The errors before it are reported here.
pub(super) async fn retry<F>(act: impl Fn() -> F) -> Result<(), StoreError>
where
    F: Future<Output = Result<(), StoreError>>,
{
    let mut last = Ok(());
    for pause in PAUSES {
        if let Err(error) = &last {
            store_failed(error);
        }
        sleep(pause).await;
        last = act().await;
        if last.is_ok() {
            break;
        }
    }
    last
}
