use core::time::Duration;

use auth_runtime::{
    clock::UnixTime,
    token::{Algorithm, KeyRing, NewAccessToken, TokenError},
};

use crate::support::{AUDIENCE, FixedEntropy, ISSUER, NOW, issuer, ring, signing_key, verifier};

#[test]
fn every_algorithm_verifies_what_it_signed() {
    for algorithm in Algorithm::ALL {
        let keys = ring(algorithm);
        let new = NewAccessToken::new("alice", "web")
            .scope("notes:read notes:write")
            .roles(&["editor", "quote \" backslash \\ umlaut ü"])
            .session("session-1")
            .generation(7)
            .auth_time(UnixTime::from_seconds(1_799_999_000))
            .acr("loa2")
            .amr(&["pwd", "otp"]);
        let token = issuer(keys.clone()).issue(&new, NOW, &FixedEntropy(7)).unwrap();
        assert_eq!(token.expires_in(), Duration::from_secs(900), "{algorithm}");
        let seen = verifier(keys).verify(token.expose(), NOW, |claims| {
            assert_eq!(claims.subject(), "alice");
            assert_eq!(claims.client(), "web");
            assert_eq!(claims.issuer(), ISSUER);
            assert_eq!(claims.scopes().collect::<Vec<_>>(), ["notes:read", "notes:write"]);
            assert_eq!(claims.roles().collect::<Vec<_>>(), ["editor", "quote \" backslash \\ umlaut ü"]);
            assert_eq!(claims.session(), Some("session-1"));
            assert_eq!(claims.generation(), 7);
            assert_eq!(claims.token_id(), "BwcHBwcHBwcHBwcHBwcHBw");
            assert_eq!(claims.issued_at(), NOW);
            assert_eq!(claims.expires_at(), NOW.plus_seconds(900));
            assert_eq!(claims.auth_time(), Some(UnixTime::from_seconds(1_799_999_000)));
            assert_eq!(claims.acr(), Some("loa2"));
            assert_eq!(claims.amr().collect::<Vec<_>>(), ["pwd", "otp"]);
        });
        assert_eq!(seen, Ok(()), "{algorithm}");
    }
}

#[test]
fn a_token_is_refused_from_the_second_it_expires() {
    let keys = ring(Algorithm::HS256);
    let token = issuer(keys.clone()).issue(&NewAccessToken::new("alice", "web"), NOW, &FixedEntropy(0)).unwrap();
    let verifier = verifier(keys);
    let at = |seconds| verifier.verify(token.expose(), NOW.plus_seconds(seconds), |_| ());
    assert_eq!(at(899), Ok(()));
    assert_eq!(at(900), Err(TokenError::Expired));
    assert_eq!(at(-60), Ok(()), "a clock that is a minute behind that of the issuer");
    assert_eq!(at(-61), Err(TokenError::IssuedInFuture));
}

#[test]
fn rotation_keeps_old_tokens_valid_until_the_old_key_goes() {
    let old = ring(Algorithm::HS256);
    let token = issuer(old).issue(&NewAccessToken::new("alice", "web"), NOW, &FixedEntropy(0)).unwrap();
    let rotated = KeyRing::builder()
        .sign_with(signing_key(Algorithm::ES256))
        .verify_with(signing_key(Algorithm::HS256).retire())
        .build()
        .unwrap();
    let fresh = issuer(rotated.clone()).issue(&NewAccessToken::new("alice", "web"), NOW, &FixedEntropy(0)).unwrap();
    let verifier_now = verifier(rotated);
    assert_eq!(verifier_now.verify(token.expose(), NOW, |_| ()), Ok(()));
    assert_eq!(verifier_now.verify(fresh.expose(), NOW, |_| ()), Ok(()));
    let later = verifier(ring(Algorithm::ES256));
    assert!(later.verify(token.expose(), NOW, |_| ()).is_err());
    assert_eq!(later.verify(fresh.expose(), NOW, |_| ()), Ok(()));
}

#[test]
fn a_token_for_another_service_or_by_another_issuer_is_refused() {
    let keys = ring(Algorithm::EdDSA);
    let token = |issuer: &str, audience: &str| {
        let issuer = auth_runtime::token::TokenIssuer::builder(keys.clone(), issuer, audience).build().unwrap();
        issuer.issue(&NewAccessToken::new("alice", "web"), NOW, &FixedEntropy(0)).unwrap()
    };
    let verifier = verifier(keys.clone());
    let verify = |issuer, audience| verifier.verify(token(issuer, audience).expose(), NOW, |_| ());
    assert_eq!(verify(ISSUER, AUDIENCE), Ok(()));
    assert_eq!(verify(ISSUER, "other"), Err(TokenError::WrongAudience));
    assert_eq!(verify("https://id.example/", AUDIENCE), Err(TokenError::WrongIssuer));
}
