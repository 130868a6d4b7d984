//! `REDIS_URL` moves the limits to a server, without another change.

use std::{env, io::Write as _, time::Instant};

use serde_json::json;

use super::{person::Person, server::Server};

#[tokio::test]
async fn a_limit_on_redis_outlives_the_process() {
    let Ok(url) = env::var("AUTH_TESTS_REDIS_SENTINEL") else {
        assert!(
            env::var("CI").as_deref() != Ok("true"),
            "AUTH_TESTS_REDIS_SENTINEL is not set: `scripts/services run` sets it"
        );
        let _ = writeln!(std::io::stderr(), "LEFT OUT: the quickstart on Redis (scripts/services run)");
        return;
    };
    // By way of Sentinel, because another test may have promoted the replica.
    let prefix = format!("quickstart-{}", std::process::id());
    let server = Server::start_with(&[("REDIS_URL", &url), ("REDIS_PREFIX", &prefix)]);
    let alice = Person::join(&server, "alice").await;
    let started = Instant::now();
    assert!(notes(&server, &alice).await >= 5);

    let server = server.crash_and_restart();
    let alice = Person { token: Person::sign_in(&server, "alice").await.token, ..alice };
    let admitted = notes(&server, &alice).await;
    // The bucket refills in the meantime, by one in twelve seconds.
    let refilled = started.elapsed().as_secs() / 12;
    assert!(admitted <= refilled, "{admitted} were admitted after the restart");
}

/// Writes notes until the limit refuses, and returns how many were written.
async fn notes(server: &Server, who: &Person) -> u64 {
    let mut written = 0;
    while server.post("/notes").bearer(&who.token).json(&json!({ "text": "x" })).send().await.status == 201 {
        written += 1;
    }
    written
}
