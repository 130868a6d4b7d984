//! Answers of a broken or hostile issuer: bounded in time and memory, and never a key.

use core::time::Duration;
use std::time::Instant;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{
    server::{Answer, Server},
    signer::Signer,
    world::{JWKS, World, keys},
};

/// Returns what a first token gets if the keys are answered so.
async fn first_token(answer: Answer) -> (World, Result<String, String>) {
    let world = World::new().await;
    world.server.set(JWKS, answer);
    let result = world.subject(&world.token()).await;
    (world, result)
}

async fn is_unavailable(answer: Answer) -> World {
    let (world, result) = first_token(answer).await;
    assert_eq!(result, Err("unavailable".to_owned()));
    world
}

#[tokio::test]
async fn a_set_of_100_mb_is_not_read_to_its_end() {
    for begin in ["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 104857600\r\n\r\n"] {
        let world = is_unavailable(Answer::Endless(begin.to_owned())).await;
        assert!(world.server.sent() < 20 * 1024 * 1024, "{} bytes", world.server.sent());
    }
}

#[tokio::test]
async fn a_header_without_end_is_not_read_to_its_end() {
    let world = is_unavailable(Answer::Endless("HTTP/1.1 200 OK\r\nx: ".to_owned())).await;
    assert!(world.server.sent() < 20 * 1024 * 1024, "{} bytes", world.server.sent());
}

#[tokio::test]
async fn a_body_of_more_than_256_kib_is_refused_and_one_of_256_kib_is_read() {
    let set = |length: usize| {
        let key = Signer::new("k9").jwk().to_string();
        let padding = " ".repeat(length - key.len() - r#"{"keys":[]}"#.len());
        Answer::Json(format!(r#"{{"keys":[{key}{padding}]}}"#))
    };
    let (_, result) = first_token(set(256 * 1024)).await;
    assert_eq!(result, Err("kid_unknown".to_owned()));
    is_unavailable(set(256 * 1024 + 1)).await;
}

#[tokio::test]
async fn sixty_four_keys_are_read_and_more_are_refused() {
    let world = World::new().await;
    let many = |count: usize| {
        let mut set = vec![json!({ "kty": "oct" }); count - 1];
        set.push(world.signer.jwk());
        keys(&set)
    };
    world.server.set(JWKS, many(64));
    assert_eq!(world.subject(&world.token()).await, Ok("alice".to_owned()));
    is_unavailable(many(65)).await;
    is_unavailable(many(10_000)).await;
}

#[tokio::test]
async fn a_slow_answer_is_given_up_after_five_seconds() {
    let (begin, [silent, dripping]) =
        (Instant::now(), [Answer::Silent, Answer::Drip].map(|answer| tokio::spawn(is_unavailable(answer))));
    silent.await.unwrap();
    dripping.await.unwrap();
    assert!((Duration::from_secs(5)..Duration::from_secs(9)).contains(&begin.elapsed()), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let inside = Server::start().await;
    inside.set("/latest/meta-data", keys(&[]));
    for status in
        ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"]
    {
        let url = inside.url();
        let answer = format!("HTTP/1.1 {status}\r\nlocation: {url}/latest/meta-data\r\ncontent-length: 0\r\n\r\n");
        is_unavailable(Answer::Raw(answer)).await;
    }
    assert_eq!(inside.requests().len(), 0);
}

#[tokio::test]
async fn only_status_200_is_an_answer() {
    let good = json!({ "keys": [] }).to_string();
    for status in ["201 Created", "204 No Content", "206 Partial Content", "404 Not Found", "500 Internal Server Error"]
    {
        is_unavailable(Answer::Raw(format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{good}", good.len()))).await;
    }
}

#[tokio::test]
async fn what_is_no_set_of_keys_is_unavailable() {
    let deep = format!(r#"{{"keys":{}}}"#, "[".repeat(100_000));
    for body in
        ["", "null", "{}", "[]", r#"{"keys":null}"#, r#"{"keys":{}}"#, r#"{"keys":[]"#, "\u{feff}{\"keys\":[]}", &deep]
    {
        is_unavailable(Answer::Json(body.to_owned())).await;
    }
    is_unavailable(Answer::Raw("garbage\r\n\r\n".to_owned())).await;
    is_unavailable(Answer::Closed).await;
}

/// Returns the number in the form that keys have. It is canonical, so that only its length is wrong.
pub(super) fn modulus_of_512_bits() -> String {
    URL_SAFE_NO_PAD.encode([0xff; 64])
}

#[tokio::test]
async fn unusable_keys_are_passed_over_and_the_good_one_is_used() {
    let world = World::new().await;
    let others: Vec<Value> = vec![
        json!(null),
        json!("key"),
        json!({ "kty": "new", "kid": "a" }),
        json!({ "kty": "oct", "k": "3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD3xQm-8fKz_pW0vNc", "kid": "b", "alg": "HS256" }),
        json!({ "kty": "RSA", "n": modulus_of_512_bits(), "e": "AQAB", "kid": "c", "alg": "RS256" }),
        json!({ "kty": "EC", "crv": "P-521", "x": "AA", "y": "AA", "kid": "d", "alg": "ES512" }),
        world.signer.jwk(),
    ];
    world.server.set(JWKS, keys(&others));
    assert_eq!(world.subject(&world.token()).await, Ok("alice".to_owned()));
}
