use std::sync::Arc;

use super::times::{FRESH_FOR, RENEW_AFTER, USABLE_FOR, since};
use crate::{
    clock::Monotonic,
    token::{PassedOver, PublishedKeys},
};

/// The known keys of an issuer.
#[derive(Clone, Default)]
pub(in crate::remote) struct Known {
    /// The last well-formed answer.
    pub(super) answer: Option<Arc<Answer>>,
    /// Whether the last fetch failed.
    pub(super) has_failed: bool,
}

pub(super) struct Answer {
    pub(super) keys: PublishedKeys,
    pub(super) passed_over: Vec<PassedOver>,
    pub(super) fetched_at: Monotonic,
}

impl Known {
    /// Returns the keys with which tokens may be verified now.
    #[inline]
    pub(in crate::remote) fn usable(&self, now: Monotonic) -> Option<&PublishedKeys> {
        let answer = self.answer.as_deref()?;
        let most = if self.has_failed { USABLE_FOR } else { FRESH_FOR };
        (since(answer.fetched_at, now) < most).then_some(&answer.keys)
    }

    /// Returns whether the keys should be fetched, although they may still be usable.
    #[inline]
    pub(in crate::remote) fn is_due(&self, now: Monotonic) -> bool {
        self.answer.as_ref().is_none_or(|answer| since(answer.fetched_at, now) >= RENEW_AFTER)
    }

    /// Returns whether the last fetch failed.
    pub(in crate::remote) fn has_failed(&self) -> bool {
        self.has_failed
    }
}
