use core::error::Error;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::{
    clock::UnixTime,
    store::{ApiKeyRecord, ApiKeyStore},
};

use super::{briefly::briefly, event::TARGET};

/// When keys were last used, to the minute: a request writes only if no other did within that time, here or, as far as
/// the record shows, in another process.
#[derive(Default)]
pub(crate) struct Uses {
    /// When this process last tried to write, for keys that it tried lately. Without it, a store that cannot be written
    /// to would be tried by every request.
    tried: Mutex<HashMap<String, UnixTime>>,
}

/// A use is written when the one that is known is so old, in seconds.
const PRECISION_SECONDS: i64 = 60;

/// Keys that are kept track of. Where more are used within a minute, the uses of some are not written.
const MOST: usize = 1 << 16;

impl Uses {
    /// Write that the key was used, if that is due. No request fails because of it.
    pub(super) async fn note(&self, store: &dyn ApiKeyStore, key: &ApiKeyRecord, now: UnixTime) {
        if key.last_used_at.is_some_and(|last| is_recent(last, now)) || !self.is_due(&key.id, now) {
            return;
        }
        if let Err(error) = briefly("api_keys", store.key_used(&key.id, now)).await {
            tracing::event!(
                target: TARGET, tracing::Level::WARN, api_key.id = key.id, store = error.store(),
                error = &error as &dyn Error, reason = "last_used",
            );
        }
    }

    fn is_due(&self, id: &str, now: UnixTime) -> bool {
        // Nothing panics while it is held, so a poisoned lock still guards whole data.
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

/// A time in the future is none: the clock went back, and what was written must not stand for hours.
fn is_recent(last: UnixTime, now: UnixTime) -> bool {
    (0..PRECISION_SECONDS).contains(&now.seconds_since(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_due_once_a_minute_and_also_when_the_clock_went_back() {
        let uses = Uses::default();
        let due = |id, seconds| uses.is_due(id, UnixTime::from_seconds(seconds));
        assert_eq!(
            [0, 0, 1, 59, 60, 61, 119, 120].map(|seconds| due("a", seconds)),
            [true, false, false, false, true, false, false, true]
        );
        assert!(due("b", 60));
        assert!(due("a", 30));
    }

    #[test]
    fn what_is_kept_track_of_is_bounded() {
        let uses = Uses::default();
        let due = |number: usize, seconds| uses.is_due(&number.to_string(), UnixTime::from_seconds(seconds));
        assert!((0..MOST).all(|number| due(number, 0)));
        assert!(!due(MOST, 59));
        assert!(due(MOST, 60));
        assert_eq!(uses.tried.lock().unwrap().len(), 1);
    }
}
