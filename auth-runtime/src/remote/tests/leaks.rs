//! The list of Have I Been Pwned, from a server that answers well and badly.

use core::pin::Pin;
use std::time::Instant;

use super::{
    listening::Listening,
    server::{Answer, Server},
};
use crate::{
    error::StoreError,
    password::{LeakKey, LeakedPasswords, PasswordPolicy, PasswordPolicyError},
    remote::{Client, HaveIBeenPwned},
};

/// A list that says this of each password. `None` cannot tell.
struct All(Option<bool>);

impl LeakedPasswords for All {
    fn contains<'a>(&'a self, _: &'a LeakKey) -> Pin<Box<dyn Future<Output = Result<bool, StoreError>> + Send + 'a>> {
        Box::pin(async { self.0.ok_or_else(|| StoreError::new("local", "no disk")) })
    }
}

fn list(server: &Server) -> HaveIBeenPwned {
    HaveIBeenPwned::at(Client::new(), &server.url())
}

fn answer(lines: &[&str]) -> Answer {
    Answer::Json(lines.join("\r\n"))
}

const PASSWORD: &str = "correct horse battery";

#[tokio::test]
async fn only_the_range_is_asked_for_and_padding_is_no_password() {
    let server = Server::start().await;
    let key = LeakKey::of(&PASSWORD.into());
    let path = format!("/range/{}", key.range());
    let other = "0".repeat(35);
    for (lines, expected) in [
        (vec![format!("{other}:7"), format!("{}:3", key.rest())], true),
        (vec![format!("{}:12345", key.rest().to_ascii_lowercase())], true),
        (vec![format!("{}:0", key.rest())], false),
        (vec![format!("{other}:7")], false),
    ] {
        let lines: Vec<_> = lines.iter().map(String::as_str).collect();
        server.set(&path, answer(&lines));
        assert_eq!(list(&server).contains(&key).await.unwrap(), expected, "{lines:?}");
    }
    assert!(server.requests().iter().all(|request| *request == path), "{:?}", server.requests());
    let is_padded = |head: &String| head.lines().any(|line| line == "add-padding: true");
    assert!(server.heads().iter().all(is_padded), "{:?}", server.heads());
}

#[tokio::test]
async fn a_local_list_decides_where_there_is_no_answer_and_an_event_says_so() {
    let (listening, server) = (Listening::new(), Server::start().await);
    let key = LeakKey::of(&PASSWORD.into());
    let path = format!("/range/{}", key.range());
    for bad in [
        Answer::Silent,
        Answer::Drip,
        Answer::Closed,
        Answer::Raw("HTTP/1.1 503 Unavailable\r\ncontent-length: 0\r\n\r\n".to_owned()),
        Answer::Raw("HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\n\r\n".to_owned()),
        answer(&["<html>"]),
        // A padded answer has hundreds of lines.
        answer(&[]),
        answer(&["error: 5"]),
        answer(&[&format!("{}:7", "0".repeat(35)), &format!("{}:1", "g".repeat(35))]),
        answer(&[&format!("{}:many", key.rest())]),
        Answer::Endless("HTTP/1.1 200 OK\r\n\r\n".to_owned()),
    ] {
        server.set(&path, bad);
        let began = Instant::now();
        listening.events();
        for told in [true, false] {
            assert_eq!(list(&server).with_local(All(Some(told))).contains(&key).await.unwrap(), told);
        }
        let events = listening.events();
        let events: Vec<_> = events.lines().filter(|event| event.contains("reason=\"leaks_not_asked\"")).collect();
        assert_eq!(events.len(), 2, "{events:?}");
        for event in events {
            assert!(event.contains("WARN") && event.contains("has_local=true") && event.contains("cause="), "{event}");
            assert!(!event.contains(key.range()) && !event.contains(PASSWORD), "{event}");
        }
        for (list, name) in [(list(&server), "Have I Been Pwned"), (list(&server).with_local(All(None)), "local")] {
            assert_eq!(list.contains(&key).await.unwrap_err().store(), name);
        }
        assert!(began.elapsed().as_millis() < 8_000, "{:?}", began.elapsed());
    }
}

#[tokio::test]
async fn a_policy_asks_only_where_it_is_told_to() {
    let server = Server::start().await;
    assert!(!PasswordPolicy::default().is_breached(&PASSWORD.into()).await.unwrap());
    assert!(server.requests().is_empty());
    let policy = PasswordPolicy::default().breached(list(&server).with_local(All(Some(true))));
    assert!(policy.is_breached(&PASSWORD.into()).await.unwrap());
    assert_eq!(server.requests().len(), 1);
    assert_eq!(PasswordPolicyError::Breached.code(), "password-breached");
}

#[tokio::test]
async fn a_policy_decides_what_holds_while_no_list_can_tell() {
    let server = Server::start().await;
    let policy = PasswordPolicy::default().breached(list(&server).with_local(All(None)));
    assert_eq!(policy.is_breached(&PASSWORD.into()).await.unwrap_err().store(), "local");
    assert!(!policy.accept_unchecked().is_breached(&PASSWORD.into()).await.unwrap());
    // The order of the two calls says nothing.
    let policy = PasswordPolicy::default().accept_unchecked().breached(All(Some(true)));
    assert!(policy.is_breached(&PASSWORD.into()).await.unwrap());
}
