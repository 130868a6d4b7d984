//! Tokens of other libraries are verified here, and tokens of this project there. A sample is in the repository;
//! `scripts/jwt-peers` compares as many as wished.

use std::{
    env, fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use auth_runtime::{
    Auth,
    clock::{Clock, Monotonic, SystemClock, UnixTime},
    remote::Issuer,
    secret::SystemEntropy,
    token::{AccessVerifier, Algorithm, KeyRing, NewAccessToken, SigningKey, TokenIssuer},
};
use axum::http::Request;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use crate::support::{AUDIENCE, NOW, SECRET, ring};

const PEERS: [&str; 3] = ["pyjwt", "joserfc", "jose"];
const ISSUER: &str = "https://peer.example";

/// A clock that shows this time. `ManualClock` is in the feature `testing`, without which these tests run, too.
struct At(UnixTime);

impl Clock for At {
    fn unix(&self) -> UnixTime {
        self.0
    }

    fn monotonic(&self) -> Monotonic {
        Monotonic::from_nanos(0)
    }
}

/// Publishes the set of keys, and returns a service that trusts it.
async fn trusting(set: &str, now: UnixTime) -> Auth {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/jwks", listener.local_addr().unwrap());
    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{set}", set.len());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await;
        let _ = stream.write_all(answer.as_bytes()).await;
    });
    Auth::builder().trust(Issuer::new(ISSUER).jwks(url).audience(AUDIENCE)).clock(At(now)).build().unwrap()
}

/// Verifies the tokens of a peer, and returns how many there were. A shared secret makes tokens of this service, and
/// published keys make those of another issuer.
async fn verify(text: &str, algorithm: Algorithm, now: UnixTime) -> usize {
    let mut lines = text.lines();
    let set = lines.next().unwrap();
    let expected = |index: usize| format!("user-{index} é😀\"\\/");
    if algorithm == Algorithm::HS256 {
        let set: Value = serde_json::from_str(set).unwrap();
        let key = SigningKey::from_jwk(&set["keys"][0].to_string().into()).unwrap();
        let keys = KeyRing::builder().sign_with(key).build().unwrap();
        let verifier = AccessVerifier::builder(keys, ISSUER, AUDIENCE).build().unwrap();
        let verified = lines.enumerate().map(|(index, token)| {
            let subject = verifier.verify(token, now, |claims| claims.subject().to_owned()).expect(token);
            assert_eq!(subject, expected(index));
        });
        return verified.count();
    }
    let auth = trusting(set, now).await;
    let mut count = 0;
    for (index, token) in lines.enumerate() {
        let request = Request::get("/").header("authorization", format!("Bearer {token}")).body(()).unwrap();
        let caller = auth.authenticate(&request.into_parts().0).await.expect(token).unwrap();
        assert_eq!(caller.subject(), expected(index));
        assert!(caller.has_scope("notes:write"));
        count += 1;
    }
    count
}

#[tokio::test]
async fn a_sample_of_their_tokens_is_accepted() {
    for peer in PEERS {
        for algorithm in Algorithm::ALL {
            let path = format!("{}/tests/vectors/jwt-peers/{peer}-{algorithm}.txt", env!("CARGO_MANIFEST_DIR"));
            assert_eq!(verify(&fs::read_to_string(path).unwrap(), algorithm, NOW).await, 6, "{peer} {algorithm}");
        }
    }
}

/// Runs a peer that `scripts/jwt-peers` has installed.
fn run(folder: &Path, peer: &str, arguments: &[&str], input: &str) -> String {
    let mut command = match peer {
        "jose" => Command::new("node"),
        _ => Command::new(folder.join("venv/bin/python")),
    };
    let file = if peer == "jose" { "jose_peer.mjs".to_owned() } else { format!("{peer}_peer.py") };
    command.arg(folder.join(file)).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{peer} {arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Returns a set of keys and tokens of this project.
fn ours(algorithm: Algorithm, count: usize) -> String {
    let ring = ring(algorithm);
    let issuer = TokenIssuer::builder(ring.clone(), ISSUER, AUDIENCE).build().unwrap();
    let (now, entropy) = (SystemClock::new().unix(), SystemEntropy::new());
    let tokens: Vec<String> = (0..count)
        .map(|index| {
            let subject = format!("user-{index} é😀\"\\/");
            let new = NewAccessToken::new(&subject, "web").scope("notes:read").roles(&["editor"]);
            issuer.issue(&new, now, &entropy).unwrap().expose().to_owned()
        })
        .collect();
    let mut set = ring.jwks();
    if algorithm == Algorithm::HS256 {
        let header = URL_SAFE_NO_PAD.decode(tokens[0].split('.').next().unwrap()).unwrap();
        let kid = &serde_json::from_slice::<Value>(&header).unwrap()["kid"];
        let k = URL_SAFE_NO_PAD.encode(SECRET);
        set = json!({ "keys": [{ "kty": "oct", "k": k, "kid": kid, "alg": "HS256", "use": "sig" }] });
    }
    format!("{set}\n{}\n", tokens.join("\n"))
}

#[tokio::test]
#[expect(clippy::print_stderr, reason = "a test that is left out says so, and the command shows its figures")]
async fn tokens_are_accepted_both_ways() {
    let Some(folder) = env::var_os("AUTH_TESTS_JWT_PEERS") else {
        eprintln!("left out: `scripts/jwt-peers` runs it");
        return;
    };
    let folder = Path::new(&folder);
    let count: usize = env::var("AUTH_TESTS_JWT_COUNT").unwrap().parse().unwrap();
    for algorithm in Algorithm::ALL {
        let ours = ours(algorithm, count);
        for peer in PEERS {
            let now = SystemClock::new().unix();
            let [alg, number, time] = [algorithm.to_string(), count.to_string(), now.as_seconds().to_string()];
            let theirs = run(folder, peer, &["sign", &alg, &number, &time], "");
            assert_eq!(verify(&theirs, algorithm, now).await, count, "{peer} {algorithm}");
            let verified = run(folder, peer, &["verify", &alg], &ours);
            assert_eq!(verified.trim().parse(), Ok(count), "{peer} {algorithm}");
            eprintln!("{peer} {algorithm}: {count} tokens each way");
        }
    }
}
