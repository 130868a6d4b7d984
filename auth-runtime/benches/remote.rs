//! Compares tokens of trusted issuers with the service's own tokens of the same algorithm, and with the bare signature
//! check, in one run.
//!
//! The engine identifies the caller of a request, as a guard asks it to. Cases take turns, so that a busy machine slows
//! all of them alike. Each figure is the median of the rounds.
#![expect(clippy::print_stdout, reason = "a program that prints a table")]

#[path = "remote/issuers.rs"]
mod issuers;
#[allow(dead_code, reason = "shared with the bench of tokens")]
#[path = "token/keys.rs"]
mod keys;

use std::{
    hint::black_box,
    pin::pin,
    task::{Context, Poll, Waker},
    time::Instant,
};

use auth_runtime::{
    Auth,
    token::{Algorithm, KeyRing},
};
use axum::http::request::Parts;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use issuers::{Issuers, own, request};
use keys::Primitive;

const ALGORITHMS: [Algorithm; 4] = [Algorithm::ES256, Algorithm::EdDSA, Algorithm::RS256, Algorithm::PS256];

/// A way to do the work, and its name. Returns whether the token was accepted.
type Case = (&'static str, Box<dyn FnMut() -> bool>);

fn main() {
    // `cargo test --benches` runs this too. One short round shows that it works.
    let quick = std::env::args().any(|argument| argument == "--test");
    let (rounds, microseconds) = if quick { (1, 100) } else { (61, 3_000) };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let _entered = runtime.enter();
    for algorithm in ALGORITHMS {
        let mut cases = cases(&runtime, algorithm);
        let medians = measure(&mut cases, rounds, microseconds);
        let (bare, own) = (medians[0], medians[1]);
        println!("\n{:<32} {:>9} {:>9} {:>9}", algorithm.to_string(), "ns", "of bare", "of own");
        for ((name, _), nanos) in cases.iter().zip(&medians) {
            println!("{name:<32} {nanos:>9.0} {:>9.3} {:>9.3}", nanos / bare, nanos / own);
        }
    }
}

fn cases(runtime: &tokio::runtime::Runtime, algorithm: Algorithm) -> Vec<Case> {
    let (ring, primitive) = ring(algorithm);
    let (auth, token) = own(&ring);
    let mut cases: Vec<Case> = vec![("bare check", bare(primitive, &token)), ("own token", calls(auth, &[token]))];
    for (name, count) in [("1 issuer", 1), ("10 issuers in turn", 10), ("100 issuers in turn", 100)] {
        let issuers = runtime.block_on(Issuers::start(&ring, count));
        cases.push((name, calls(issuers.auth, &issuers.tokens)));
    }
    for (name, count) in [("1 issuer hot among 10", 10), ("1 issuer hot among 100", 100)] {
        let issuers = runtime.block_on(Issuers::start(&ring, count));
        let hot = issuers.tokens[count / 2].clone();
        cases.push((name, calls(issuers.auth, &[hot])));
    }
    let changed = runtime.block_on(async {
        let mut issuers = Issuers::start(&ring, 1).await;
        issuers.change_keys(&self::ring(algorithm).0).await;
        issuers
    });
    cases.push(("1 issuer, after a change of keys", calls(changed.auth, &changed.tokens)));
    cases
}

fn ring(algorithm: Algorithm) -> (KeyRing, Primitive) {
    let keys = keys::keys(algorithm);
    (KeyRing::builder().sign_with(keys.signing).build().unwrap(), keys.primitive)
}

fn bare(primitive: Primitive, token: &str) -> Box<dyn FnMut() -> bool> {
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let (signed, signature) = (signed.to_owned(), URL_SAFE_NO_PAD.decode(signature).unwrap());
    Box::new(move || primitive.verifies(black_box(signed.as_bytes()), &signature))
}

/// Identifies the callers of requests with these tokens, one after the other.
fn calls(auth: Auth, tokens: &[String]) -> Box<dyn FnMut() -> bool> {
    let requests: Vec<Parts> = tokens.iter().map(|token| request(token)).collect();
    let mut next = (0..requests.len()).cycle();
    Box::new(move || next.next().is_some_and(|next| is_known(&auth, black_box(&requests[next]))))
}

/// Returns whether the request has a caller. With known keys nothing waits, so one poll is enough.
fn is_known(auth: &Auth, request: &Parts) -> bool {
    match pin!(auth.authenticate(request)).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(caller) => black_box(caller).is_ok_and(|caller| caller.is_some()),
        Poll::Pending => false,
    }
}

/// Returns the median of each case, in nanoseconds.
fn measure(cases: &mut [Case], rounds: usize, microseconds: u32) -> Vec<f64> {
    let turns: Vec<u32> = cases.iter_mut().map(|case| turns(case, microseconds)).collect();
    let mut times = vec![Vec::new(); cases.len()];
    for _ in 0..rounds {
        for (((_, work), times), turns) in cases.iter_mut().zip(&mut times).zip(&turns) {
            let begin = Instant::now();
            for _ in 0..*turns {
                black_box(work());
            }
            times.push(begin.elapsed().as_nanos() as f64 / f64::from(*turns));
        }
    }
    times.into_iter().map(median).collect()
}

fn turns((name, work): &mut Case, microseconds: u32) -> u32 {
    let begin = Instant::now();
    for _ in 0..100 {
        assert!(work(), "{name}: refused");
    }
    let each = u32::try_from(begin.elapsed().as_nanos() / 100).unwrap().max(1);
    (microseconds * 1_000 / each).max(1)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
