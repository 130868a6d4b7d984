//! Answers that confuse clients of HTTP: refused within the time for a fetch.

use core::{fmt::Write as _, time::Duration};
use std::time::Instant;

use serde_json::json;

use super::{
    server::Answer,
    world::{JWKS, METADATA, World, keys, metadata},
};

/// Returns what a token gets if the keys are answered so.
async fn result(answer: impl FnOnce(&str) -> String) -> Result<String, String> {
    let world = World::new().await;
    let set = json!({ "keys": [world.signer.jwk()] }).to_string();
    world.server.set(JWKS, Answer::Raw(answer(&set)));
    let begin = Instant::now();
    let result = world.subject(&world.token()).await;
    assert!(begin.elapsed() < Duration::from_secs(9), "{:?}", begin.elapsed());
    result
}

fn chunked(parts: &[&str]) -> String {
    let mut text = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_owned();
    for part in parts {
        write!(text, "{:x}\r\n{part}\r\n", part.len()).unwrap();
    }
    text + "0\r\n\r\n"
}

#[tokio::test]
async fn an_answer_in_small_chunks_is_read_up_to_its_bound() {
    let bytes = |set: &str| set.chars().map(|char| char.to_string()).collect::<Vec<_>>();
    let in_bytes = |set: &str| chunked(&bytes(set).iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(result(in_bytes).await, Ok("alice".to_owned()));
    let long = |_: &str| chunked(&vec![" "; 256 * 1024 + 1]);
    assert_eq!(result(long).await, Err("unavailable".to_owned()));
}

/// Writes an answer around a set of keys.
type Written<'a> = Box<dyn Fn(&str) -> String + 'a>;

#[tokio::test]
async fn ambiguous_answers_are_refused() {
    let ok = "HTTP/1.1 200 OK\r\n";
    let many: String = (0..65).fold(String::new(), |text, number| text + &format!("x-{number}: a\r\n"));
    let early = "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n";
    let cases: [(&str, Written<'_>); 14] = [
        ("two lengths", Box::new(|set| format!("{ok}content-length: 2\r\ncontent-length: {}\r\n\r\n{set}", set.len()))),
        ("a negative length", Box::new(|set| format!("{ok}content-length: -1\r\n\r\n{set}"))),
        ("a list of lengths", Box::new(|set| format!("{ok}content-length: 2, {}\r\n\r\n{set}", set.len()))),
        ("a huge length", Box::new(|set| format!("{ok}content-length: 99999999999999999999\r\n\r\n{set}"))),
        ("a short body", Box::new(|set| format!("{ok}content-length: {}\r\n\r\n{set}", set.len() + 1))),
        ("a cut length", Box::new(|set| format!("{ok}content-length: {}\r\n\r\n{set}", set.len() - 1))),
        ("a huge chunk", Box::new(|set| format!("{ok}transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n{set}"))),
        (
            "a chunk without end",
            Box::new(|set| format!("{ok}transfer-encoding: chunked\r\n\r\n{:x}\r\n{set}", set.len())),
        ),
        (
            "a long extension",
            Box::new(|set| {
                let extension = "a".repeat(64 * 1024);
                format!("{ok}transfer-encoding: chunked\r\n\r\n{:x};{extension}\r\n{set}\r\n0\r\n\r\n", set.len())
            }),
        ),
        ("many fields", Box::new(|set| format!("{ok}{many}content-length: {}\r\n\r\n{set}", set.len()))),
        (
            "another protocol",
            Box::new(|_| "HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n".to_owned()),
        ),
        ("HTTP/2", Box::new(|_| "\0\0\0\u{4}\0\0\0\0\0".to_owned())),
        ("no header", Box::new(str::to_owned)),
        ("hints without end", Box::new(|_| early.repeat(200_000))),
    ];
    for (name, answer) in cases {
        assert_eq!(result(answer).await, Err("unavailable".to_owned()), "{name}");
    }
}

/// A hostile path or host of the metadata causes no connection but the one for the metadata.
#[tokio::test]
async fn metadata_lead_to_the_issuers_host_in_one_spelling() {
    let world = World::new().await;
    let port = world.server.port;
    for host in [
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.0.0.1.",
        "0.0.0.0",
        "[::]",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::1%25lo]",
        "[fe80::1%25eth0]",
        "[64:ff9b::7f00:1]",
        "169.254.169.254",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "127.0.0.1%00.evil.example",
        "user:password@127.0.0.1",
        "evil.example@127.0.0.1",
        "127.0.0.1@evil.example",
        "127.0.0.1\\@evil.example",
        "127.0.0.1\t",
        "\u{ff11}27.0.0.1",
    ] {
        world.server.set(METADATA, metadata(&world.server.url(), &format!("http://{host}:{port}{JWKS}")));
        assert_eq!(world.subject(&world.token()).await, Err("unavailable".to_owned()), "{host}");
        world.pass(30);
    }
    for tail in [
        format!(":{port}:80{JWKS}"),
        format!(":{port}@evil.example{JWKS}"),
        format!(":0{JWKS}"),
        format!(":{port}{JWKS}#a"),
    ] {
        world.server.set(METADATA, metadata(&world.server.url(), &format!("http://127.0.0.1{tail}")));
        assert_eq!(world.subject(&world.token()).await, Err("unavailable".to_owned()), "{tail}");
        world.pass(30);
    }
    assert_eq!(world.server.count(JWKS), 0);
    world.server.set(METADATA, metadata(&world.server.url(), &format!("HTTP://127.0.0.1:{port}{JWKS}")));
    world.server.set(JWKS, keys(&[world.signer.jwk()]));
    assert_eq!(world.subject(&world.token()).await, Ok("alice".to_owned()));
}
