//! Bodies on the network: what clients write to stretch, cut or hide them.

use auth_runtime::prelude::*;
use axum::{
    Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, Multipart, multipart::MultipartError},
};
use tokio::time::timeout;

use super::{
    http2::{DATA, HEADERS, PREFACE, SETTINGS, frame, next},
    server::{Client, SOON, Server, settings},
};

#[public(because = "a test")]
#[body(max = 200 B, within = 1 s)]
async fn length(body: Bytes) -> String {
    body.len().to_string()
}

#[public(because = "a test")]
#[body(max = 200 B, within = 1 s)]
async fn parts(mut form: Multipart) -> Result<String, MultipartError> {
    let mut sizes = Vec::new();
    while let Some(field) = form.next_field().await? {
        sizes.push(field.bytes().await?.len().to_string());
    }
    Ok(sizes.join(" "))
}

/// Takes the first part alone, and answers while the others arrive.
#[public(because = "a test")]
#[body(max = 200 B, within = 1 s)]
async fn first_part(mut form: Multipart) -> Result<String, MultipartError> {
    let first = form.next_field().await?;
    Ok(first.map(|field| field.name().unwrap_or_default().to_owned()).unwrap_or_default())
}

#[public(because = "a test")]
#[body(max = 200 B, within = 1 s)]
async fn unread(_: Body) -> &'static str {
    "unread"
}

async fn server() -> Server {
    let auth = Auth::builder().settings(&settings(&[])).build().unwrap();
    let app = GuardedRouter::new()
        .route("/length", post(length))
        .route("/parts", post(parts))
        .route("/first-part", post(first_part))
        .route("/unread", post(unread))
        .with_state(auth);
    // A layer of the application that lifts axum's limit does not lift a policy's.
    let app = Router::from(app).layer(DefaultBodyLimit::disable());
    Server::serving(app, |server| server).await
}

const PART: &str = "--X\r\ncontent-disposition: form-data; name=\"a\"\r\n\r\n12345\r\n";
const MULTIPART: &str = "content-type: multipart/form-data; boundary=X\r\n";

/// Sends a request, and returns status and body of the answer.
async fn answer(client: &mut Client, path: &str, fields: &str, body: &str) -> (u16, String) {
    client.send(format!("POST {path} HTTP/1.1\r\nhost: localhost\r\n{fields}\r\n{body}")).await;
    let answer = client.answer().await;
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default())
}

fn chunked(pieces: &[&str]) -> String {
    pieces.iter().map(|piece| format!("{:x}\r\n{piece}\r\n", piece.len())).collect()
}

const CHUNKED: &str = "transfer-encoding: chunked\r\n";

#[tokio::test]
async fn a_longer_body_is_413_however_it_is_written() {
    let server = server().await;
    let long = "a".repeat(201);
    let bytes: Vec<&str> = long.split_inclusive('a').collect();
    let huge = format!("content-length: {}\r\n", u64::MAX - 2);
    for (fields, body) in [
        ("content-length: 201\r\n", long.clone()),
        (&*huge, String::new()),
        ("content-length: 201\r\nexpect: 100-continue\r\n", String::new()),
        ("content-length: 201\r\ncontent-encoding: gzip\r\n", long.clone()),
        (CHUNKED, chunked(&[&long])),
        (CHUNKED, chunked(&bytes)),
        // A chunk that announces more than any body, of which little comes.
        (CHUNKED, format!("fffffffffffffff\r\n{long}")),
    ] {
        for path in ["/length", "/parts"] {
            let fields = if path == "/parts" { format!("{MULTIPART}{fields}") } else { fields.to_owned() };
            let mut client = server.connect().await;
            let (status, text) = answer(&mut client, path, &fields, &body).await;
            assert!(status == 413 && text.contains("payload-too-large"), "{path} {fields:?}: {status} {text}");
        }
    }
}

#[tokio::test]
async fn a_body_that_comes_too_slowly_or_never_is_408() {
    let server = server().await;
    for (fields, body) in [
        ("content-length: 10\r\n", "12345"),
        (CHUNKED, "5\r\n12345\r\n"),
        (CHUNKED, "5\r\n123"),
        // The end of a chunked body is a part of it, and so are its trailers.
        (CHUNKED, "5\r\n12345\r\n0\r\n"),
        (CHUNKED, "5\r\n12345\r\n0\r\nx-trailer: 1\r\n"),
    ] {
        let mut client = server.connect().await;
        let (status, text) = answer(&mut client, "/length", fields, body).await;
        assert!(status == 408 && text.contains("request-timeout"), "{fields:?} {body:?}: {status} {text}");
    }
    for body in ["", "--X", PART, "--X\r\ncontent-disposition: form-data; name=\"a\"\r\n\r\n1"] {
        let mut client = server.connect().await;
        let (status, text) = answer(&mut client, "/parts", &format!("{MULTIPART}{CHUNKED}"), &chunked(&[body])).await;
        // An empty chunk ends the body.
        let expected = if body.is_empty() { 400 } else { 408 };
        assert_eq!(status, expected, "{body:?}: {text}");
    }
}

#[tokio::test]
async fn forms_of_several_parts_are_read_to_their_bounds() {
    let server = server().await;
    let form = |parts: usize, end: &str| format!("{}{end}", PART.repeat(parts));
    for (path, body, expected) in [
        ("/parts", form(3, "--X--\r\n"), (200, "5 5 5")),
        ("/parts", form(4, "--X--\r\n"), (413, "payload-too-large")),
        // Bytes after the end of the form are never read, and their length counts all the same.
        ("/parts", form(1, "--X--\r\n") + &"a".repeat(100), (200, "5")),
        ("/parts", form(1, "--X--\r\n") + &"a".repeat(200), (413, "payload-too-large")),
        // What comes before its beginning counts, too.
        ("/parts", "a".repeat(300) + &form(1, "--X--\r\n"), (413, "payload-too-large")),
        ("/first-part", form(2, "--X--\r\n"), (200, "a")),
        ("/first-part", form(4, "--X--\r\n"), (413, "payload-too-large")),
    ] {
        let length = format!("{MULTIPART}content-length: {}\r\n", body.len());
        let (status, text) = answer(&mut server.connect().await, path, &length, &body).await;
        assert!(status == expected.0 && text.contains(expected.1), "{path} {}: {status} {text}", body.len());
    }
}

/// What a refused request has as its body is no further request of its client, or of the proxy's next client.
#[tokio::test]
async fn a_request_in_the_body_of_a_refused_one_is_not_answered() {
    let server = server().await;
    let hidden = "POST /unread HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n".repeat(5);
    for path in ["/length", "/parts", "/unread", "/nowhere"] {
        for fields in [format!("content-length: {}\r\n", hidden.len()), CHUNKED.to_owned()] {
            let body = if fields == CHUNKED { chunked(&[&hidden]) + "0\r\n\r\n" } else { hidden.clone() };
            let mut client = server.connect().await;
            client.send(format!("POST {path} HTTP/1.1\r\nhost: localhost\r\n{fields}\r\n{body}")).await;
            let mut answers = client.answer().await;
            client.send("GET /nowhere HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await;
            let rest = timeout(SOON, client.rest()).await.expect("the connection stays open");
            answers += &rest;
            let unread = answers.matches("\r\n\r\nunread").count();
            // A handler that does not read a chunked body has nothing to refuse.
            assert_eq!(unread, usize::from(path == "/unread" && fields == CHUNKED), "{path} {fields}: {answers}");
        }
    }
}

/// `POST` of `a` over http, by the static table of HPACK (RFC 7541), with a path.
fn post_of(path: &str) -> Vec<u8> {
    let length = u8::try_from(path.len()).unwrap();
    [&[0x83, 0x86, 0x41, 1, b'a', 0x44, length][..], path.as_bytes()].concat()
}

#[tokio::test]
async fn over_http2_the_bounds_are_the_same() {
    // `:status` in HPACK: of the static table, or a literal in Huffman's code.
    const OK: &[u8] = &[0x88];
    const TOO_LARGE: &[u8] = &[0x48, 0x83, 0x68, 0x2c, 0xff];
    const TOO_SLOW: &[u8] = &[0x48, 0x83, 0x68, 0x0f, 0x7f];
    const END_HEADERS: u8 = 4;
    const END_STREAM: u8 = 1;
    let server = server().await;
    let data = |bytes: usize, flags| frame(DATA, flags, 1, &vec![b'a'; bytes]);
    for (body, status) in [
        (data(200, END_STREAM), OK),
        (data(201, END_STREAM), TOO_LARGE),
        ([data(100, 0), data(101, 0)].concat(), TOO_LARGE),
        (data(100, 0), TOO_SLOW),
        (data(0, 0).repeat(50), TOO_SLOW),
    ] {
        let mut client = server.connect().await;
        let head = frame(HEADERS, END_HEADERS, 1, &post_of("/length"));
        client.send([PREFACE, &frame(SETTINGS, 0, 0, &[]), &head, &body].concat()).await;
        let payload = loop {
            let (kind, stream, payload) = next(&mut client.0).await;
            if (kind, stream) == (HEADERS, 1) {
                break payload;
            }
        };
        assert!(payload.starts_with(status), "{status:x?}: {payload:x?}");
    }
}
