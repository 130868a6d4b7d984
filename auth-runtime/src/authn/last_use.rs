use core::time::Duration;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use tokio::time::timeout;

use crate::{
    clock::UnixTime,
    error::{StoreError, with_causes},
    store::{ApiKeyRecord, ApiKeyStore},
};

use super::event::TARGET;

/// Records when keys were last used, to the minute. A request writes only if no other request wrote within that time,
/// in this process or, as far as the record shows, in another.
#[derive(Default)]
pub(crate) struct LastUses {
    /// When this process last tried to write, for the keys that it tried recently. Without this map, every request
    /// would retry a store that cannot be written to.
    tried: Mutex<HashMap<String, UnixTime>>,
}

/// The minimum age of the recorded use before a new use is written, in seconds.
const PRECISION_SECONDS: i64 = 60;

/// The maximum number of tracked keys. When more keys are used within a minute, some uses are not written.
const MOST: usize = 1 << 16;

/// The maximum time that a request waits until its use of a credential is recorded. A store that is busy with other
/// writes could delay the record.
const PATIENCE: Duration = Duration::from_millis(50);

impl LastUses {
    /// Writes that the key was used, if the write is due. A failed write fails no request.
    pub(super) async fn note(&self, store: &dyn ApiKeyStore, key: &ApiKeyRecord, now: UnixTime) {
        if key.last_used_at.is_some_and(|last| is_recent(last, now)) || !self.is_due(&key.id, now) {
            return;
        }
        if let Err(error) = briefly("api_keys", store.key_used(&key.id, now)).await {
            tracing::event!(
                target: TARGET, tracing::Level::WARN, api_key.id = key.id, store = error.store(),
                error = with_causes(&error), reason = "last_used",
            );
        }
    }

    fn is_due(&self, id: &str, now: UnixTime) -> bool {
        // No code panics while it holds the lock, so a poisoned lock still guards consistent data.
        let mut tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
        if tried.get(id).is_some_and(|last| is_recent(*last, now)) {
            return false;
        }
        if tried.len() >= MOST {
            tried.retain(|_, last| is_recent(*last, now));
        }
        let has_room = tried.len() < MOST;
        if has_room {
            tried.insert(id.to_owned(), now);
        }
        has_room
    }
}

/// Returns whether the time is recent. A time in the future does not count: the clock was set back, and the old record
/// must not stand for hours.
fn is_recent(last: UnixTime, now: UnixTime) -> bool {
    (0..PRECISION_SECONDS).contains(&now.seconds_since(last))
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_due_once_a_minute_and_also_when_the_clock_went_back() {
        let last_uses = LastUses::default();
        let due = |id, seconds| last_uses.is_due(id, UnixTime::from_seconds(seconds));
        assert_eq!(
            [0, 0, 1, 59, 60, 61, 119, 120].map(|seconds| due("a", seconds)),
            [true, false, false, false, true, false, false, true]
        );
        assert!(due("b", 60));
        assert!(due("a", 30));
    }

    #[test]
    fn the_number_of_tracked_keys_is_bounded() {
        let last_uses = LastUses::default();
        let due = |number: usize, seconds| last_uses.is_due(&number.to_string(), UnixTime::from_seconds(seconds));
        assert!((0..MOST).all(|number| due(number, 0)));
        assert!(!due(MOST, 59));
        assert!(due(MOST, 60));
        assert_eq!(last_uses.tried.lock().unwrap().len(), 1);
    }
}
