//! Tests how much work a password takes, counted in hashes. Measured time would depend on the machine.

use core::sync::atomic::Ordering;

use super::*;
use crate::{
    password::{HashingError, ceilings::Ceilings, memory::Buffers},
    secret::SystemEntropy,
};

const COMPOSED: &str = "pa\u{df}w\u{f6}rd";
const DECOMPOSED: &str = "pa\u{df}wo\u{308}rd";

fn hasher() -> Hasher {
    Hasher {
        cost: Cost::weak_for_testing(),
        ceilings: Ceilings::default(),
        entropy: Arc::new(SystemEntropy::new()),
        verifiers: Arc::new([]),
        truncated_bcrypt: false,
    }
}

/// Compares the password with the stored text. Returns the result and how many hashes were computed for it.
fn work(password: &str, stored: &Stored) -> (Verified, usize) {
    let buffers = Buffers::new(64);
    let verified = hasher().verify(password, stored, &buffers).unwrap().unwrap();
    (verified, buffers.computed.load(Ordering::Relaxed))
}

fn hash_of(text: &str) -> Stored {
    let hasher = hasher();
    hasher.read(&hasher.hash(text.as_bytes(), &Buffers::new(64)).unwrap()).unwrap()
}

/// Lets the allocation fail, so that the request for memory shows: an absent account requests the memory of a present
/// one.
#[test]
fn an_absent_account_takes_the_work_of_a_present_one() {
    let (enough, too_much) = (Buffers::new(64), Buffers::new(usize::MAX / 2048));
    assert!(matches!(hasher().verify("password", &Stored::UNUSABLE, &enough), Ok(Ok(Verified::Mismatch))));
    for stored in [Stored::UNUSABLE, hash_of("password")] {
        assert!(matches!(hasher().verify("password", &stored, &too_much), Err(HashingError::Memory)));
    }
}

#[test]
fn text_that_is_not_nfc_is_tried_twice_for_every_account() {
    for stored in [hash_of("another"), Stored::UNUSABLE, hasher().read("!").unwrap()] {
        assert_eq!(work("password", &stored), (Verified::Mismatch, 1));
        assert_eq!(work(COMPOSED, &stored), (Verified::Mismatch, 1));
        assert_eq!(work(DECOMPOSED, &stored), (Verified::Mismatch, 2));
        // The NFC form is too long to have been hashed.
        assert_eq!(work(&"\u{958}".repeat(341), &stored), (Verified::Mismatch, 1));
    }
}

#[test]
fn a_hash_of_the_text_as_it_was_received_still_matches_and_is_replaced() {
    let (normalised, older) = (hash_of(COMPOSED), hash_of(DECOMPOSED));
    assert_eq!(work(COMPOSED, &normalised), (Verified::Match { upgrade: false }, 1));
    assert_eq!(work(DECOMPOSED, &normalised), (Verified::Match { upgrade: false }, 1));
    assert_eq!(work(DECOMPOSED, &older), (Verified::Match { upgrade: true }, 2));
    assert_eq!(work(COMPOSED, &older), (Verified::Mismatch, 1));
}
