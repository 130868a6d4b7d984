//! What operators learn of issuers that cannot be asked: an event with the cause, and never the credential.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use serde_json::json;
use tracing::{Level, subscriber::DefaultGuard};

use super::{
    server::Answer,
    sessions::{SESSION, SIGNED, TOKEN, World, document},
};

/// The events of this thread, at every level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn listen() -> (Self, DefaultGuard) {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt().with_max_level(Level::TRACE).with_ansi(false);
        let guard = tracing::subscriber::set_default(subscriber.with_writer(move || writer.clone()).finish());
        (log, guard)
    }

    fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn each_failure_says_its_cause_and_no_credential() {
    let raw = |status: &str| Answer::Raw(format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n"));
    let mut other = document();
    other["session"]["token"] = json!("G56bvqTWlTrYztPX326h1mZ5Wwylf5Uy");
    for (answer, cause) in [
        (Answer::Closed, "connection_failed"),
        (Answer::Json("[]".to_owned()), "answer_malformed"),
        (Answer::Json(other.to_string()), "answer_about_other_credential"),
        (Answer::Endless("HTTP/1.1 200 OK\r\n\r\n".to_owned()), "answer_too_long"),
        (raw("404 Not Found"), "endpoint_not_found"),
        (raw("429 Too Many Requests"), "too_many_requests"),
        (raw("500 Internal Server Error"), "status_not_200"),
        (raw("302 Found\r\nlocation: /"), "redirect_refused"),
    ] {
        let ((log, _guard), world) = (Log::listen(), World::new().await);
        world.server.set(SESSION, answer);
        for _ in 0..3 {
            assert!(world.subject().await.is_err(), "{cause}");
        }
        let _ = world.cookie(&format!("better-auth.session_token={SIGNED}")).await;
        let events = log.take();
        assert_eq!(events.matches("credential_not_asked").count(), 1, "told at most every 30 seconds: {events}");
        assert!(events.contains(&format!("cause=\"{cause}\"")) && events.contains("ERROR"), "{cause}: {events}");
        assert!(!events.contains(TOKEN), "{events}");
    }
}

#[tokio::test]
async fn a_flood_of_outages_and_answers_is_told_rarely() {
    let ((log, _guard), world) = (Log::listen(), World::new().await);
    for _ in 0..10 {
        world.server.set(SESSION, Answer::Closed);
        assert!(world.subject().await.is_err());
        world.answers(&serde_json::Value::Null);
        assert!(world.subject().await.is_err());
        world.pass(5);
    }
    let events = log.take();
    // 50 seconds have passed.
    assert_eq!(events.matches("credential_not_asked").count(), 2, "{events}");
    assert_eq!(events.matches("credentials_asked_again").count(), 2, "{events}");
}

#[tokio::test]
async fn a_dead_cookie_is_told_without_its_value() {
    let ((log, _guard), world) = (Log::listen(), World::new().await);
    world.answers(&serde_json::Value::Null);
    assert!(world.cookie(&format!("better-auth.session_token={SIGNED}")).await.unwrap().is_none());
    let events = log.take();
    assert!(events.contains("session_unknown") && events.contains("ignored") && !events.contains(TOKEN), "{events}");
}
