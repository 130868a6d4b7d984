//! Counts the allocations for a caller of a trusted issuer. The test is a binary of its own, because it counts in the
//! allocator of the process.
#![cfg(feature = "remote")]

#[path = "../benches/remote/issuers.rs"]
mod issuers;
#[allow(dead_code, reason = "shared with the benches")]
#[path = "../benches/token/keys.rs"]
mod keys;

use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

use allocation_counter::measure;
use auth_runtime::{
    Auth,
    token::{Algorithm, KeyRing},
};

use issuers::{Issuers, own, request};

const ALGORITHMS: [Algorithm; 4] = [Algorithm::ES256, Algorithm::EdDSA, Algorithm::RS256, Algorithm::PS256];

/// Returns whether the token has a caller, and the number of allocations for it. With known keys nothing waits, so one
/// poll is enough.
fn identify(auth: &Auth, token: &str) -> (bool, u64) {
    let request = request(token);
    let once = || match pin!(auth.authenticate(&request)).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(caller) => caller.is_ok(),
        Poll::Pending => panic!("the request waits"),
    };
    // One request before counting keeps the set-up of the first use out of the count.
    let is_known = once();
    (is_known, measure(|| _ = once()).count_total)
}

fn ring(algorithm: Algorithm) -> KeyRing {
    KeyRing::builder().sign_with(keys::keys(algorithm).signing).build().unwrap()
}

#[tokio::test]
async fn a_caller_of_a_trusted_issuer_allocates_no_more_than_one_of_this_service() {
    for algorithm in ALGORITHMS {
        let ring = ring(algorithm);
        let (auth, token) = own(&ring);
        let (is_known, own) = identify(&auth, &token);
        assert!(is_known, "{algorithm}");
        for count in [1, 20] {
            let issuers = Issuers::start(&ring, count).await;
            let (is_known, others) = identify(&issuers.auth, &issuers.tokens[count / 2]);
            assert!(is_known && others <= own, "{algorithm}, {count} issuers: {others} allocations instead of {own}");
        }
        let mut issuers = Issuers::start(&ring, 1).await;
        issuers.change_keys(&self::ring(algorithm)).await;
        let (is_known, others) = identify(&issuers.auth, &issuers.tokens[0]);
        assert!(
            is_known && others <= own,
            "{algorithm}, after a change of keys: {others} allocations instead of {own}"
        );
    }
}

#[tokio::test]
async fn a_refused_token_allocates_no_more_than_one_of_this_service() {
    let ring = ring(Algorithm::ES256);
    let (auth, token) = own(&ring);
    let issuers = Issuers::start(&ring, 1).await;
    let broken = |token: &str| format!("{}.{}", token.rsplit_once('.').unwrap().0, "A".repeat(86));
    let (is_known, own) = identify(&auth, &broken(&token));
    assert!(!is_known);
    let (is_known, others) = identify(&issuers.auth, &broken(&issuers.tokens[0]));
    assert!(!is_known && others <= own, "{others} allocations instead of {own}");
}
