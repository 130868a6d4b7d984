//! What every answer has.

use std::{
    io,
    sync::{Arc, Mutex},
};

use auth_runtime::{error::Failure, prelude::*};
use axum::{Router, routing};

use super::server::{Server, settings};

#[tokio::test]
async fn the_address_of_the_client_is_always_known() {
    let server = Server::start(|server| server).await;
    let mut client = server.connect().await;
    let address = client.0.local_addr().unwrap().to_string();
    assert!(client.get("/peer", "close").await.ends_with(&address));
}

#[public(because = "counts clients")]
#[rate_limit(1/min, by = ip)]
async fn once() -> &'static str {
    "once"
}

#[tokio::test]
async fn limits_by_address_work_on_a_guarded_router() {
    let auth = Auth::builder().settings(&settings(&[])).build().unwrap();
    let app: Router = GuardedRouter::new().route("/", get(once)).with_state(auth).into();
    let server = Server::serving(app, |server| server).await;
    let mut client = server.connect().await;
    assert!(client.get("/", "keep-alive").await.starts_with("HTTP/1.1 200"));
    assert!(client.get("/", "keep-alive").await.starts_with("HTTP/1.1 429"));
}

#[tokio::test]
async fn a_panic_is_an_answer_and_the_connection_goes_on() {
    let server = Server::start(|server| server).await;
    let mut client = server.connect().await;
    let answer = client.get("/panic", "keep-alive").await;
    assert!(answer.starts_with("HTTP/1.1 500"), "{answer}");
    assert!(answer.contains("content-type: application/problem+json"), "{answer}");
    assert!(answer.contains(r#""code":"internal""#) && answer.contains(r#""request_id":""#), "{answer}");
    assert!(!answer.contains("secret"), "{answer}");
    assert!(client.get("/", "close").await.ends_with("well"));
}

#[tokio::test]
async fn an_error_of_the_application_is_logged_under_the_identifier_of_its_answer() {
    let fails = async || -> Result<(), Failure> {
        Err(io::Error::other("a table `secrets`\nforged line"))?;
        Ok(())
    };
    let panics = async || -> &'static str { panic!("a secret of the handler") };
    let app = Router::new().route("/", routing::get(fails)).route("/panic", routing::get(panics));
    let (log, guard) = Log::capture();
    let server = Server::serving(app, |server| server).await;
    for (path, logged) in [("/", r"a table `secrets`\nforged line"), ("/panic", "a secret of the handler")] {
        let mut client = server.connect().await;
        client
            .send(format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nx-request-id: r-17\r\nconnection: close\r\n\r\n"))
            .await;
        let answer = client.answer().await;
        assert!(answer.starts_with("HTTP/1.1 500") && answer.contains(r#""request_id":"r-17""#), "{answer}");
        assert!(!answer.contains("secret"), "{answer}");
        let log = log.take();
        let line = log.lines().find(|line| line.contains("request_id=\"r-17\"")).unwrap_or_else(|| panic!("{log}"));
        assert!(line.contains("ERROR auth_runtime::error") && line.contains(logged), "{log}");
    }
    drop(guard);
}

/// The events of this thread, on which the server of the test runs, too.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn capture() -> (Self, tracing::subscriber::DefaultGuard) {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
        (log, tracing::subscriber::set_default(subscriber))
    }

    fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut self.0.lock().unwrap())).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
