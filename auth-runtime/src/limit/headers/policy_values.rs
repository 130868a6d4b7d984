//! The values of `RateLimit-Policy` of handlers with one limit. Such a value never changes, so it is written once.

use std::sync::OnceLock;

use axum::{body::Bytes, http::HeaderValue};

use super::{Line, Text};

/// The number of places for values, a power of two. A limit whose place is taken writes its value for each response.
const PLACES: usize = 128;

static KEPT: [OnceLock<Kept>; PLACES] = [const { OnceLock::new() }; PLACES];

/// The value of a limit.
struct Kept {
    label: &'static str,
    quota: u32,
    window: u32,
    text: Box<[u8]>,
    /// Borrows the text, which is there as long as the process. So responses share it without counting references, and
    /// the processor's cores do not compete for a counter.
    value: OnceLock<Option<HeaderValue>>,
}

/// Returns the value that tells of this limit alone, or `None` when another limit has its place.
pub(super) fn value(line: &Line) -> Option<&'static HeaderValue> {
    let kept = KEPT.get(place(line))?.get_or_init(|| Kept::new(line));
    if !kept.is_of(line) {
        return None;
    }
    kept.value.get_or_init(|| HeaderValue::from_maybe_shared(Bytes::from_static(&kept.text)).ok()).as_ref()
}

/// Returns the place of a limit. Labels that are equal text at different addresses have different places.
fn place(line: &Line) -> usize {
    const ODD: usize = 0x9e37_79b9;
    let (quota, window) = (line.quota as usize, line.window as usize);
    let mixed = line.label.as_ptr().addr() ^ quota.rotate_left(7) ^ window.rotate_left(13);
    (mixed.wrapping_mul(ODD) >> 20) % PLACES
}

impl Kept {
    fn new(line: &Line) -> Self {
        let mut text = Text::default();
        text.policy(line, 1);
        let Line { label, quota, window, .. } = *line;
        Self { label, quota, window, text: text.0.into_vec().into(), value: OnceLock::new() }
    }

    fn is_of(&self, line: &Line) -> bool {
        (self.label, self.quota, self.window) == (line.label, line.quota, line.window)
    }
}
