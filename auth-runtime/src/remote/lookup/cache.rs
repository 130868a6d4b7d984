//! Answers by the hash of the credential, bounded in number, size and time.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{
    Found,
    times::{REFUSED_SECONDS, SECOND},
};
use crate::{
    clock::{Monotonic, UnixTime},
    token::TokenHash,
};

/// Requests on other cores rarely want the same part.
const PARTS: usize = 16;
/// The maximum numbers of answers in a part. Refused credentials have a number of their own, so that strangers displace
/// no live one.
const MOST_LIVE: usize = 512;
const MOST_REFUSED: usize = 256;
/// A caller with more text than this is not remembered.
const MOST_TEXT: usize = 8 * 1024;

pub(super) struct Cache {
    parts: Vec<Mutex<Part>>,
}

#[derive(Default)]
struct Part {
    live: Answers,
    refused: Answers,
}

/// Answers in the order in which they came.
#[derive(Default)]
struct Answers {
    by_hash: HashMap<TokenHash, Entry>,
    order: VecDeque<(TokenHash, Monotonic)>,
}

struct Entry {
    found: Found,
    end: Monotonic,
}

impl Cache {
    pub(super) fn new() -> Self {
        Self { parts: (0..PARTS).map(|_| Mutex::default()).collect() }
    }

    pub(super) fn get(&self, hash: &TokenHash, now: Monotonic, unix: UnixTime) -> Option<Found> {
        let part = self.part(hash)?;
        let entry = part.live.by_hash.get(hash).or_else(|| part.refused.by_hash.get(hash))?;
        let is_over = match &entry.found {
            Found::Caller(identity) => identity.expires_at().is_some_and(|end| unix >= end),
            Found::Refused(_) => false,
        };
        (now < entry.end && !is_over).then(|| entry.found.clone())
    }

    /// Remembers an answer: that of a live credential for `seconds` from the time of the question.
    pub(super) fn put(&self, hash: TokenHash, found: &Found, seconds: u64, begin: Monotonic, now: Monotonic) {
        let Some(mut part) = self.part(&hash) else { return };
        let Part { live, refused } = &mut *part;
        match found {
            Found::Caller(identity) => {
                refused.by_hash.remove(&hash);
                if identity.text_len() <= MOST_TEXT {
                    live.put(hash, found, after(begin, seconds), now, MOST_LIVE);
                }
            }
            Found::Refused(_) => {
                live.by_hash.remove(&hash);
                refused.put(hash, found, after(now, REFUSED_SECONDS), now, MOST_REFUSED);
            }
        }
    }

    fn part(&self, hash: &TokenHash) -> Option<MutexGuard<'_, Part>> {
        let first = usize::from(hash.as_bytes().first().copied().unwrap_or_default());
        // No code panics while it holds the lock, so a poisoned lock still guards consistent data.
        Some(self.parts.get(first % PARTS)?.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Answers {
    fn put(&mut self, hash: TokenHash, found: &Found, end: Monotonic, now: Monotonic, most: usize) {
        while let Some((oldest, its_end)) = self.order.front().copied()
            && (its_end <= now || self.order.len() >= most)
        {
            self.order.pop_front();
            // A later answer about the same credential stays.
            if self.by_hash.get(&oldest).is_some_and(|entry| entry.end == its_end) {
                self.by_hash.remove(&oldest);
            }
        }
        self.order.push_back((hash, end));
        self.by_hash.insert(hash, Entry { found: found.clone(), end });
    }
}

fn after(now: Monotonic, seconds: u64) -> Monotonic {
    Monotonic::from_nanos(now.as_nanos().saturating_add(seconds.saturating_mul(SECOND)))
}
