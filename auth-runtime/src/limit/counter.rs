//! What all counters outside of this process share: their names, and the decision from what a server tells.

use aws_lc_rs::digest::{SHA256, digest};
use smallvec::SmallVec;

use super::{Charge, PreparedLimit, Verdict};
use crate::clock::Monotonic;

/// The name of a counter on a server.
pub(super) type Counter = [u8; 16];

/// Names the counter of a charge by a hash of its limit and value.
///
/// The value may be an address or a token, so it is hashed. Of SHA-256, 128 bits are kept: to find a value with the
/// counter of another one takes 2^128 attempts.
pub(super) fn counter(charge: &Charge<'_>) -> Counter {
    let mut whole = Vec::with_capacity(128);
    charge.write_key(&mut whole);
    let mut counter = Counter::default();
    for (byte, hashed) in counter.iter_mut().zip(digest(&SHA256, &whole).as_ref()) {
        *byte = *hashed;
    }
    counter
}

/// Decides on each limit of a request from the counters' debts before it, by the same arithmetic as memory does.
///
/// The server has decided, too. Returns `None` if its decision differs, or if debts are missing: something else has
/// answered than the server's program for limits.
pub(super) fn verdicts<'l>(
    limits: impl ExactSizeIterator<Item = &'l PreparedLimit> + Clone,
    debts: &[u64],
    admitted: bool,
) -> Option<SmallVec<[Verdict; 4]>> {
    if limits.len() != debts.len() {
        return None;
    }
    let decide = |(limit, debt): (&PreparedLimit, &u64)| {
        limit.rate().decide_for(*debt, Monotonic::from_nanos(0), limit.price()).verdict
    };
    let verdicts: SmallVec<[Verdict; 4]> = limits.clone().zip(debts).map(decide).collect();
    let decided = limits.zip(&verdicts).all(|(limit, verdict)| limit.is_shadow() || verdict.is_allowed());
    (decided == admitted).then_some(verdicts)
}
