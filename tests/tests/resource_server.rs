//! The `resource-server` program as users run it: built, started in an empty folder, and called over HTTP with tokens
//! of the issuer that it starts.

use std::{
    io::ErrorKind,
    net::{SocketAddr, TcpListener},
};

use auth_tests::{
    http::Call,
    program::{Running, run_in},
};
use serde_json::json;

fn start() -> (Running, SocketAddr) {
    start_with(&[])
}

fn start_with(variables: &[(&str, &str)]) -> (Running, SocketAddr) {
    let server = Running::start("resource-server", variables);
    let line = server.greeting().lines().find(|line| line.contains("issues tokens")).expect("the issuer's address");
    let url = line.split_whitespace().find_map(|word| word.strip_prefix("http://")).unwrap();
    let issuer = url.parse().unwrap();
    (server, issuer)
}

async fn token(issuer: SocketAddr, scope: &str, roles: &str) -> String {
    let wish = [("client_id", "alice"), ("scope", scope), ("roles", roles)];
    let answer = Call::new(issuer, "POST", "/token").form(&wish).send().await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body
}

#[tokio::test]
async fn tokens_of_the_issuer_are_admitted_as_each_handler_declares() {
    let (server, issuer) = start();
    let reader = token(issuer, "articles:read", "").await;
    let editor = token(issuer, "", "editor").await;
    for (method, path, of_reader, of_editor) in [
        ("GET", "/me", 200, 200),
        ("GET", "/articles", 200, 403),
        ("POST", "/articles", 403, 201),
        ("GET", "/payroll", 200, 200),
    ] {
        for (token, expected) in [(&reader, of_reader), (&editor, of_editor)] {
            let answer = server.call(method, path).bearer(token).send().await;
            assert_eq!(answer.status, expected, "{method} {path}: {answer:?}");
        }
        let anonymous = server.call(method, path).send().await;
        assert_eq!(anonymous.status, 401, "{method} {path}: {anonymous:?}");
    }
    let me = server.get("/me").bearer(&reader).send().await.json();
    assert_eq!((&me["issuer"], &me["subject"]), (&json!(format!("http://{issuer}")), &json!("alice")));
    assert_eq!((&me["roles"], &me["scopes"]), (&json!([]), &json!(["articles:read"])));
}

#[tokio::test]
async fn a_client_without_a_token_finds_the_issuer() {
    let (server, issuer) = start();
    let refused = server.get("/articles").send().await;
    refused.assert_problem(401, "unauthenticated");
    let challenge = refused.header("www-authenticate");
    assert!(challenge.contains(r#"scope="articles:read""#), "{challenge}");
    let metadata = challenge.split("resource_metadata=\"").nth(1).and_then(|url| url.split('"').next()).unwrap();
    let path = metadata.strip_prefix(&format!("http://{}", server.address())).unwrap();
    let document = server.get(path).send().await.json();
    assert_eq!(document["authorization_servers"], json!([format!("http://{issuer}")]));
}

#[tokio::test]
async fn tokens_of_others_are_refused() {
    let ((server, issuer), (_other, other_issuer)) = (start(), start());
    let token = token(other_issuer, "articles:read", "editor").await;
    server.get("/me").bearer(&token).send().await.assert_problem(401, "invalid-token");
    let own = self::token(issuer, "articles:read", "editor").await;
    let (signed, signature) = own.rsplit_once('.').unwrap();
    let forged = format!("{signed}.{}{}", if signature.starts_with('A') { 'B' } else { 'A' }, &signature[1..]);
    server.get("/me").bearer(&forged).send().await.assert_problem(401, "invalid-token");
}

/// A proxy would see which issuer is asked, and could answer in its place.
#[tokio::test]
async fn proxies_of_the_environment_are_not_used() {
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    proxy.set_nonblocking(true).unwrap();
    let url = format!("http://{}", proxy.local_addr().unwrap());
    let names = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    let (server, issuer) = start_with(&names.map(|name| (name, url.as_str())));
    let token = token(issuer, "articles:read", "").await;
    assert_eq!(server.get("/me").bearer(&token).send().await.status, 200);
    assert_eq!(proxy.accept().map(drop).unwrap_err().kind(), ErrorKind::WouldBlock, "the proxy was asked");
}

/// The issuer for development gives tokens to everyone who asks.
#[test]
fn production_never_trusts_the_issuer_for_development() {
    let folder = tempfile::tempdir().unwrap();
    let settings = [
        ("ENVIRONMENT", "production"),
        ("PUBLIC_URL", "https://api.example.com"),
        ("ALLOWED_HOSTS", "api.example.com"),
        ("LISTEN", "127.0.0.1:0"),
    ];
    let output = run_in("resource-server", folder.path(), &settings);
    let (told, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(!output.status.success() && error.contains("TRUSTED_ISSUER is not set"), "{told}{error}");
    assert!(!told.contains("issues tokens"), "{told}");
}
