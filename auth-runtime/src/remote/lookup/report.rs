use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::times::BETWEEN_REPORTS;
use crate::{
    clock::Monotonic,
    remote::{event, fetch::FetchError},
};

/// Tells the operator of failures, at most every 30 seconds, and of their end.
#[derive(Default)]
pub(super) struct Report {
    is_failing: AtomicBool,
    /// When the last failure was reported, plus one nanosecond; zero before the first.
    reported_at: AtomicU64,
    /// The same of the last client that asked too often.
    limited_at: AtomicU64,
}

impl Report {
    pub(super) fn failed(&self, issuer: &str, error: &FetchError, now: Monotonic) {
        if is_due(&self.reported_at, now) {
            self.is_failing.store(true, Ordering::Relaxed);
            event::not_asked(issuer, error);
        }
    }

    pub(super) fn answered(&self, issuer: &str) {
        if self.is_failing.load(Ordering::Relaxed) && self.is_failing.swap(false, Ordering::Relaxed) {
            event::asked_again(issuer);
        }
    }

    /// Reports that a client address has used up its share.
    pub(super) fn limited(&self, issuer: &str, now: Monotonic) {
        if is_due(&self.limited_at, now) {
            event::client_limited(issuer);
        }
    }
}

fn is_due(reported_at: &AtomicU64, now: Monotonic) -> bool {
    let now = now.as_nanos().saturating_add(1);
    let last = reported_at.load(Ordering::Relaxed);
    (last == 0 || now.saturating_sub(last) >= BETWEEN_REPORTS)
        && reported_at.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
}
