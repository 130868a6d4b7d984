//! What operators learn of bad answers: one event, with its cause.

use core::error::Error as _;

use axum::http::Request;
use serde_json::json;

use super::{
    answers::modulus_of_512_bits,
    listening::Listening,
    server::Answer,
    signer::Signer,
    world::{JWKS, METADATA, World, keys, metadata},
};
use crate::authn::AuthnError;

/// Returns the events of a first token, while its issuer answers so for metadata and keys.
async fn events_of(path: &str, answer: Answer) -> String {
    let (listening, world) = (Listening::new(), World::new().await);
    world.server.set(path, answer);
    let _ = world.verify(&world.token()).await;
    listening.events()
}

#[tokio::test]
async fn each_failure_says_its_cause() {
    let raw = |text: &str| Answer::Raw(text.to_owned());
    let many = keys(&vec![json!({}); 10_000]);
    for (path, answer, cause) in [
        (JWKS, Answer::Closed, "connection_failed"),
        (JWKS, raw("garbage\r\n\r\n"), "connection_failed"),
        (JWKS, raw("HTTP/1.1 302 Found\r\nlocation: http://10.0.0.1/\r\n\r\n"), "redirect_refused"),
        (JWKS, raw("HTTP/1.1 500 x\r\ncontent-length: 0\r\n\r\n"), "status_not_200"),
        (JWKS, Answer::Endless("HTTP/1.1 200 OK\r\n\r\n".to_owned()), "answer_too_long"),
        (JWKS, Answer::Silent, "answer_too_slow"),
        (JWKS, Answer::Json("[]".to_owned()), "answer_malformed"),
        (JWKS, many, "too_many_keys"),
        (METADATA, metadata("https://other.example", "http://127.0.0.1/"), "metadata_of_other_issuer"),
    ] {
        let events = events_of(path, answer).await;
        assert_eq!(events.matches("keys_not_fetched").count(), 1, "{events}");
        assert!(events.contains(&format!("cause=\"{cause}\"")) && events.contains("ERROR"), "{cause}: {events}");
    }
}

#[tokio::test]
async fn the_failure_of_a_request_points_at_that_event() {
    let world = World::new().await;
    world.server.set(JWKS, Answer::Closed);
    let request = Request::get("/").header("authorization", format!("Bearer {}", world.token())).body(()).unwrap();
    let answer = world.auth.authenticate(&request.into_parts().0).await;
    let Err(AuthnError::Unavailable(error)) = answer else { panic!("{answer:?}") };
    let cause = error.source().unwrap().to_string();
    assert_eq!(cause, "the issuer gave no answer; an event of `auth_runtime::remote` has the cause");
}

#[tokio::test]
async fn each_key_that_is_passed_over_is_told_with_its_place_and_cause() {
    let signer = Signer::new("k9");
    let weak = json!({ "kty": "RSA", "n": modulus_of_512_bits(), "e": "AQAB", "kid": "c", "alg": "RS256" });
    let set = keys(&[json!({ "kty": "new" }), json!({ "kty": "oct", "k": "AA" }), weak, signer.jwk()]);
    let events = events_of(JWKS, set).await;
    for (place, cause) in [(1, "key_algorithm"), (2, "key_symmetric"), (3, "key_weak")] {
        assert!(events.contains(&format!("place={place} cause=\"{cause}\"")), "{place}: {events}");
    }
    assert_eq!(events.matches("key_passed_over").count(), 3, "{events}");
    let events = events_of(JWKS, keys(&[json!({ "kty": "oct", "k": "AA" })])).await;
    assert!(events.contains("no_usable_keys"), "{events}");
}

#[tokio::test]
async fn the_end_of_an_outage_is_told_once() {
    let (listening, world) = (Listening::new(), World::new().await);
    world.server.set(JWKS, Answer::Closed);
    let _ = world.verify(&world.token()).await;
    world.server.set(JWKS, keys(&[world.signer.jwk()]));
    listening.events();
    for _ in 0..3 {
        world.pass(300);
        let _ = world.verify(&world.token()).await;
    }
    assert_eq!(listening.events().matches("keys_fetched_again").count(), 1);
}
