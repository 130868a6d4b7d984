//! A server with TLS. The operator names its authority in `SSL_CERT_FILE`.
#![allow(clippy::print_stdout, reason = "a process of the test reports on standard output")]

use std::{
    env,
    process::{Command, Stdio},
};

use super::*;
use crate::limit::redis::server::free_port;

const URL: &str = "AUTH_TESTS_TLS_URL";

fn vector(name: &str) -> String {
    format!("{}/tests/vectors/redis_tls/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// Asks the server in a process that trusts the authorities of this file, and returns what came of it.
fn ask_in_a_process(url: &str, authorities: &str) -> String {
    let name = concat!(module_path!(), "::one_process").split_once("::").unwrap().1;
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(URL, url)
        .env("SSL_CERT_FILE", authorities)
        .env_remove("SSL_CERT_DIR")
        .stderr(Stdio::null())
        .output()
        .unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    output.split("said: ").nth(1).and_then(|rest| rest.lines().next()).expect("an answer").to_owned()
}

#[test]
fn only_the_named_authority_and_the_named_host_are_trusted() {
    let port = free_port().to_string();
    let (certificate, key) = (vector("certificate.pem"), vector("key.pem"));
    let tls = ["--tls-port", &port, "--tls-cert-file", &certificate, "--tls-key-file", &key];
    let Some(_server) = Server::start(&[&tls[..], &["--tls-auth-clients", "no"]].concat()) else { return };
    let (trusted, stranger) = (vector("authority.pem"), vector("../tls/certificate.pem"));
    let at = |host: &str| format!("rediss://{host}:{port}");
    assert_eq!(ask_in_a_process(&at("localhost"), &trusted), "counted");
    for (host, authorities, word) in [
        ("localhost", &*stranger, "UnknownIssuer"),
        ("127.0.0.1", &*trusted, "certificate"),
        ("localhost", "/no/such/file", "No such file"),
    ] {
        let said = ask_in_a_process(&at(host), authorities);
        assert!(said.starts_with("Redis cannot be reached: ") && said.contains(word), "{host} {authorities}: {said}");
    }
    // A server without TLS on that port.
    let plain = ask_in_a_process(&format!("rediss://localhost:{}", _server.port()), &trusted);
    assert!(plain.starts_with("Redis cannot be reached: "), "{plain}");
}

/// Does nothing in a normal run: the test above starts it in processes of their own.
#[tokio::test]
async fn one_process() {
    let Ok(url) = env::var(URL) else { return };
    let limits = RedisLimits::new(&url, "tests").unwrap().with_timeout(PATIENCE);
    let said = match limits.check().await {
        Ok(()) if left(ask(&limits, &[&TEN]).await.unwrap()[0]).0 => "counted".to_owned(),
        Ok(()) => "refused".to_owned(),
        Err(failure) => failure.to_string(),
    };
    println!("said: {said}");
}
