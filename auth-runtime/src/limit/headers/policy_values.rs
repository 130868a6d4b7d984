//! The values of `RateLimit-Policy` of handlers with one limit. These values never change, so they are written once.

use std::sync::OnceLock;

use axum::{body::Bytes, http::HeaderValue};

/// The number of places for values, a power of two. A limit without a free place writes its value for each response.
const PLACES: usize = 128;

static KEPT: [OnceLock<Kept>; PLACES] = [const { OnceLock::new() }; PLACES];

/// What the value tells of a limit.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) label: &'static str,
    pub(super) quota: u32,
    pub(super) window: u32,
}

struct Kept {
    told: Told,
    text: Box<[u8]>,
    /// Borrows the text, which is there as long as the process. So responses share it without counting references, and
    /// the processor's cores do not compete for a counter.
    value: OnceLock<Option<HeaderValue>>,
}

/// Returns the value that tells of this limit alone, or `None` when another limit has its place. `write` returns the
/// value's text, and is called once for a place.
pub(super) fn value(told: Told, write: impl FnOnce() -> Vec<u8>) -> Option<&'static HeaderValue> {
    let kept = KEPT.get(told.place())?.get_or_init(|| Kept { told, text: write().into(), value: OnceLock::new() });
    if kept.told != told {
        return None;
    }
    kept.value.get_or_init(|| HeaderValue::from_maybe_shared(Bytes::from_static(&kept.text)).ok()).as_ref()
}

impl Told {
    /// Returns the place of the value. Labels that are equal text at different addresses may have different places.
    fn place(self) -> usize {
        const ODD: usize = 0x9e37_79b9;
        let (quota, window) = (self.quota as usize, self.window as usize);
        let mixed = self.label.as_ptr().addr() ^ quota.rotate_left(7) ^ window.rotate_left(13);
        (mixed.wrapping_mul(ODD) >> 20) % PLACES
    }
}
