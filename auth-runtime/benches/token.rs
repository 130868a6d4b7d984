//! Compares the verification of access tokens with `jsonwebtoken::decode` and with the bare signature check, in one
//! run.
//!
//! It first prints a table of ratios, from rounds in which the cases take turns, so that a busy machine slows all of
//! them alike. Criterion's own figures follow.
#![allow(missing_docs, clippy::print_stdout, reason = "criterion's macros make undocumented items; a table is printed")]

mod token {
    pub(crate) mod keys;
}

use std::{collections::HashMap, hint::black_box, time::Instant};

use auth_runtime::{
    clock::{Clock, SystemClock},
    secret::SystemEntropy,
    token::{AccessClaims, AccessVerifier, Algorithm, KeyRing, NewAccessToken, SigningKey, TokenIssuer},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use criterion::{Criterion, criterion_group, criterion_main};
use jsonwebtoken::{DecodingKey, Validation};
use serde::Deserialize;

use token::keys::{Keys, SECRET, keys};

const ISSUER: &str = "https://id.example.com";
const AUDIENCE: &str = "notes-api";
const ROUNDS: usize = 41;

/// One way to do the work. Returns whether the token was accepted.
type Case = (String, Box<dyn FnMut() -> bool>);

/// An owned copy of all claims, as a handler might keep it.
#[derive(Deserialize)]
#[allow(dead_code, reason = "made for what making it costs")]
struct Owned {
    iss: String,
    sub: String,
    aud: String,
    exp: i64,
    iat: i64,
    jti: String,
    client_id: String,
    roles: Vec<String>,
}

impl Owned {
    fn of(claims: &AccessClaims<'_>) -> Self {
        Self {
            iss: claims.issuer().into(),
            sub: claims.subject().into(),
            aud: AUDIENCE.into(),
            exp: claims.expires_at().as_seconds(),
            iat: claims.issued_at().as_seconds(),
            jti: claims.token_id().into(),
            client_id: claims.client().into(),
            roles: claims.roles().map(Into::into).collect(),
        }
    }
}

/// Returns the cases of one algorithm: ours with borrowed claims, ours with owned claims, the peer, and the bare check.
fn accepting(keys: Keys) -> Vec<Case> {
    let Keys { algorithm, signing, decoding, primitive } = keys;
    let ring = KeyRing::builder().sign_with(signing).build().unwrap();
    let token = issue(&ring);
    let (borrowed, owned) = (verifier(ring.clone()), verifier(ring));
    let validation = validation(algorithm);
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let (signed, signature) = (signed.to_owned(), URL_SAFE_NO_PAD.decode(signature).unwrap());
    let tokens = [token.clone(), token.clone(), token];
    let [first, second, third] = tokens;
    vec![
        (format!("{algorithm}/auth-runtime"), ours(borrowed, first)),
        (
            format!("{algorithm}/auth-runtime, all claims owned"),
            Box::new({
                let clock = SystemClock::new();
                move || {
                    owned.verify(black_box(&second), clock.unix(), |claims| drop(black_box(Owned::of(claims)))).is_ok()
                }
            }),
        ),
        (format!("{algorithm}/jsonwebtoken"), theirs(decoding, validation, third)),
        (
            format!("{algorithm}/bare check"),
            Box::new(move || primitive.verifies(black_box(signed.as_bytes()), &signature)),
        ),
    ]
}

/// Returns tokens that are refused, each at another step.
fn refusing() -> Vec<Case> {
    let ring = KeyRing::builder().sign_with(SigningKey::from_secret(&SECRET.into()).unwrap()).build().unwrap();
    let token = issue(&ring);
    let (header, rest) = token.split_once('.').unwrap();
    let (signed, _) = token.rsplit_once('.').unwrap();
    let kid = header_kid(header);
    let other = URL_SAFE_NO_PAD.encode(format!(r#"{{"typ":"at+jwt","alg":"HS512","kid":{kid}}}"#));
    let none = URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"none","typ":"at+jwt","kid":{kid}}}"#));
    let tokens = [
        ("wrong alg", format!("{other}.{rest}")),
        ("alg none", format!("{none}.{rest}")),
        ("malformed", "not.a-token".repeat(30)),
        ("oversize", format!("{signed}.{}", "A".repeat(20_000))),
        ("bad signature", format!("{signed}.{}", "A".repeat(43))),
        ("expired", issue_at(&ring, -3600)),
        ("7 KB", format!("{header}.{}.{}", "A".repeat(7_000), "A".repeat(43))),
    ];
    let cases = tokens.into_iter().flat_map(|(name, token)| {
        let decoding = DecodingKey::from_secret(SECRET.as_bytes());
        [
            (format!("{name}/auth-runtime"), ours(verifier(ring.clone()), token.clone())),
            (format!("{name}/jsonwebtoken"), theirs(decoding, validation(Algorithm::HS256), token)),
        ]
    });
    cases.collect()
}

fn ours(verifier: AccessVerifier, token: String) -> Box<dyn FnMut() -> bool> {
    let clock = SystemClock::new();
    Box::new(move || {
        let keep = |claims: &AccessClaims<'_>| black_box(claims.subject().len());
        verifier.verify(black_box(&token), clock.unix(), keep).is_ok()
    })
}

fn theirs(key: DecodingKey, validation: Validation, token: String) -> Box<dyn FnMut() -> bool> {
    Box::new(move || black_box(jsonwebtoken::decode::<Owned>(black_box(&token), &key, &validation)).is_ok())
}

fn verifier(ring: KeyRing) -> AccessVerifier {
    AccessVerifier::builder(ring, ISSUER, AUDIENCE).build().unwrap()
}

fn validation(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm.name().parse().unwrap());
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["iss", "aud", "exp", "sub"]);
    validation.validate_nbf = true;
    validation.leeway = 0;
    validation
}

fn issue(ring: &KeyRing) -> String {
    issue_at(ring, 0)
}

fn issue_at(ring: &KeyRing, seconds: i64) -> String {
    let issuer = TokenIssuer::builder(ring.clone(), ISSUER, AUDIENCE).build().unwrap();
    let new = NewAccessToken::new("0f8b7f0e-1c1c-4a52-9c3e-2f5a7d1e9b64", "web-app").roles(&["editor", "member"]);
    let now = SystemClock::new().unix().plus_seconds(seconds);
    issuer.issue(&new, now, &SystemEntropy::new()).unwrap().expose().to_owned()
}

fn header_kid(header: &str) -> serde_json::Value {
    let json = URL_SAFE_NO_PAD.decode(header).unwrap();
    serde_json::from_slice::<serde_json::Value>(&json).unwrap()["kid"].clone()
}

/// Returns the median time of each case in nanoseconds. The cases take turns.
fn medians(cases: &mut [Case]) -> HashMap<String, f64> {
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); cases.len()];
    let turns: Vec<u32> = cases.iter_mut().map(|(_, work)| turns_of_a_millisecond(work)).collect();
    for _ in 0..ROUNDS {
        for (((_, work), times), turns) in cases.iter_mut().zip(&mut times).zip(&turns) {
            let begin = Instant::now();
            for _ in 0..*turns {
                black_box(work());
            }
            times.push(begin.elapsed().as_nanos() as f64 / f64::from(*turns));
        }
    }
    let median = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    cases.iter().map(|(name, _)| name.clone()).zip(times.into_iter().map(median)).collect()
}

fn turns_of_a_millisecond(work: &mut Box<dyn FnMut() -> bool>) -> u32 {
    let begin = Instant::now();
    for _ in 0..50 {
        black_box(work());
    }
    let each = begin.elapsed().as_nanos() / 50;
    u32::try_from(2_000_000 / each.max(1)).unwrap_or(u32::MAX).max(1)
}

const VERIFIED: [Algorithm; 4] = [Algorithm::HS256, Algorithm::ES256, Algorithm::EdDSA, Algorithm::RS256];

fn print_ratios() {
    println!("\n| verify | ns | of jsonwebtoken | of the bare check | all claims owned, of jsonwebtoken |");
    println!("|---|---|---|---|---|");
    let mut accepted = 0.0;
    for algorithm in VERIFIED {
        let times = medians(&mut accepting(keys(algorithm)));
        let of = |side: &str| times[&format!("{algorithm}/{side}")];
        let (ours, theirs) = (of("auth-runtime"), of("jsonwebtoken"));
        let (bare, owned) = (ours / of("bare check"), of("auth-runtime, all claims owned") / theirs);
        println!("| {algorithm} | {ours:.0} | {:.3} | {bare:.3} | {owned:.3} |", ours / theirs);
        if algorithm == Algorithm::HS256 {
            accepted = ours;
        }
    }
    println!("\n| refuse (HS256) | ns | of accepting | of jsonwebtoken |\n|---|---|---|---|");
    let mut cases = refusing();
    let times = medians(&mut cases);
    for (name, _) in cases.iter().step_by(2) {
        let name = name.strip_suffix("/auth-runtime").unwrap();
        let (ours, theirs) = (times[&format!("{name}/auth-runtime")], times[&format!("{name}/jsonwebtoken")]);
        println!("| {name} | {ours:.0} | {:.3} | {:.3} |", ours / accepted, ours / theirs);
    }
    println!();
}

fn verify(criterion: &mut Criterion) {
    print_ratios();
    for algorithm in VERIFIED {
        for (name, mut work) in accepting(keys(algorithm)) {
            assert!(work(), "{name}");
            criterion.bench_function(&name, |bencher| bencher.iter(&mut work));
        }
    }
}

fn refuse(criterion: &mut Criterion) {
    for (name, mut work) in refusing() {
        assert!(!work(), "{name}");
        criterion.bench_function(&name, |bencher| bencher.iter(&mut work));
    }
}

criterion_group!(benches, verify, refuse);
criterion_main!(benches);
