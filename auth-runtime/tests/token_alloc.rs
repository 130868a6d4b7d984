//! Counts the allocations of verification. The test is a binary of its own, because it counts in the allocator of the
//! process.

#[allow(dead_code, reason = "shared with the other tests of tokens")]
#[path = "token/support.rs"]
mod support;

use allocation_counter::measure;
use auth_runtime::token::{AccessClaims, AccessVerifier, Algorithm, NewAccessToken};

use support::{FixedEntropy, NOW, issuer, resign, ring, sign, verifier};

fn allocations(work: impl FnOnce()) -> u64 {
    measure(work).count_total
}

fn accept<T>(verifier: &AccessVerifier, token: &str, keep: impl FnOnce(&AccessClaims<'_>) -> T) -> T {
    verifier.verify(token, NOW, keep).unwrap()
}

#[test]
fn verifying_allocates_nothing_with_any_algorithm() {
    for algorithm in Algorithm::ALL {
        let verifier = verifier(ring(algorithm));
        let new = NewAccessToken::new("alice", "web").roles(&["editor", "member"]).scope("a b").session("s");
        let token = issuer(ring(algorithm)).issue(&new, NOW, &FixedEntropy(1)).unwrap();
        // One call before counting: aws-lc sets itself up at its first use.
        accept(&verifier, token.expose(), |_| ());
        let seen = allocations(|| {
            let read = |claims: &AccessClaims<'_>| {
                let lists = claims.roles().count() + claims.scopes().count() + claims.amr().count();
                lists + claims.subject().len() + claims.session().map_or(0, str::len)
            };
            assert_eq!(accept(&verifier, token.expose(), read), 10);
        });
        assert_eq!(seen, 0, "{algorithm}");
    }
}

#[test]
fn keeping_the_subject_allocates_once_and_all_claims_at_most_eight_times() {
    let verifier = verifier(ring(Algorithm::HS256));
    let token =
        issuer(ring(Algorithm::HS256)).issue(&NewAccessToken::new("alice", "web"), NOW, &FixedEntropy(1)).unwrap();
    accept(&verifier, token.expose(), |_| ());
    assert_eq!(allocations(|| drop(accept(&verifier, token.expose(), |claims| claims.subject().to_owned()))), 1);
    let all = |claims: &AccessClaims<'_>| {
        let texts = [claims.issuer(), claims.subject(), claims.token_id(), claims.client(), claims.scope()];
        (texts.map(str::to_owned), claims.roles().map(str::to_owned).collect::<Vec<_>>())
    };
    assert!(allocations(|| drop(accept(&verifier, token.expose(), all))) <= 8);
}

#[test]
fn escapes_long_claims_foreign_headers_and_fractions_allocate_nothing() {
    let verifier = verifier(ring(Algorithm::HS256));
    let claims = |extra: &str| {
        format!(
            r#"{{"iss":"https:\/\/id.example","sub":"\u0061\ud83d\ude00","aud":["x","notes"],"exp":1.80000006e9,
                "iat":1799999999.5,"jti":"1","client_id":"c"{extra}}}"#
        )
    };
    let long = claims(&format!(r#","x":"{}""#, "y".repeat(9_000)));
    for (header, claims) in [
        (br#"{"alg":"HS256","typ":"application/at+jwt"}"#.to_vec(), claims("")),
        (format!(r#"{{"alg":"HS256","typ":"at+jwt","x5c":["{}"]}}"#, "A".repeat(2_000)).into_bytes(), long),
    ] {
        let token = sign(&header, claims.as_bytes());
        accept(&verifier, &token, |_| ());
        let subject_is_read = |claims: &AccessClaims<'_>| claims.subject() == "a😀";
        let seen = allocations(|| assert!(accept(&verifier, &token, subject_is_read)));
        assert_eq!(seen, 0);
    }
}

#[test]
fn refusing_allocates_nothing() {
    let verifier = verifier(ring(Algorithm::HS256));
    let token =
        issuer(ring(Algorithm::HS256)).issue(&NewAccessToken::new("alice", "web"), NOW, &FixedEntropy(1)).unwrap();
    let (signed, _) = token.expose().rsplit_once('.').unwrap();
    let es256 =
        issuer(ring(Algorithm::ES256)).issue(&NewAccessToken::new("alice", "web"), NOW, &FixedEntropy(1)).unwrap();
    let refused = [
        format!("{signed}.{}", "A".repeat(43)),
        es256.expose().to_owned(),
        "x".repeat(20_000),
        String::new(),
        resign("e30.e30"),
    ];
    for token in refused {
        assert_eq!(allocations(|| assert!(verifier.verify(&token, NOW, |_| ()).is_err())), 0, "{token}");
    }
}
