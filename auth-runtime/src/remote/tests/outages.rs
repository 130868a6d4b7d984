//! How long keys are used, and how often they are fetched.

use core::time::Duration;

use tokio::time::sleep;

use super::{
    server::Answer,
    signer::{NOW, Signer},
    world::{JWKS, METADATA, World, keys},
};

fn down(world: &World) {
    world.server.set(METADATA, Answer::Closed);
}

/// Gives a fetch in the background the time in which it should not begin, or may end.
async fn settle() {
    sleep(Duration::from_millis(100)).await;
}

/// Waits until this is so. A busy machine may take long.
async fn eventually(mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..1000 {
        if holds().await {
            return;
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("it has not come true in 10 seconds");
}

fn alice() -> Result<String, String> {
    Ok("alice".to_owned())
}

fn refused(reason: &str) -> Result<String, String> {
    Err(reason.to_owned())
}

#[tokio::test]
async fn the_first_token_fetches_and_the_next_ones_do_not() {
    let world = World::new().await;
    assert_eq!(world.server.requests().len(), 0, "the start fetches nothing");
    for _ in 0..10 {
        assert_eq!(world.subject(&world.token()).await, alice());
    }
    assert_eq!(world.server.requests(), [METADATA, JWKS]);
}

#[tokio::test]
async fn many_first_tokens_share_one_fetch() {
    let world = std::sync::Arc::new(World::new().await);
    let tasks: Vec<_> = (0..100)
        .map(|_| {
            let world = std::sync::Arc::clone(&world);
            tokio::spawn(async move { world.subject(&world.token()).await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), alice());
    }
    assert_eq!(world.server.count(JWKS), 1);
}

#[tokio::test]
async fn a_client_that_hangs_up_does_not_end_the_fetch() {
    let world = World::new().await;
    let token = world.token();
    assert!(tokio::time::timeout(Duration::ZERO, world.verify(&token)).await.is_err());
    eventually(async || world.server.count(JWKS) == 1).await;
    assert_eq!(world.subject(&token).await, alice());
    assert_eq!(world.server.count(JWKS), 1);
}

#[tokio::test]
async fn keys_are_renewed_in_the_background_before_they_are_five_minutes_old() {
    let world = World::new().await;
    world.subject(&world.token()).await.unwrap();
    world.pass(239);
    assert_eq!(world.subject(&world.token()).await, alice());
    settle().await;
    assert_eq!(world.server.count(JWKS), 1);
    world.pass(1);
    assert_eq!(world.subject(&world.token()).await, alice());
    eventually(async || world.server.count(JWKS) == 2).await;
}

#[tokio::test]
async fn keys_of_five_minutes_wait_for_a_fetch() {
    let world = World::new().await;
    world.subject(&world.token()).await.unwrap();
    let new = Signer::new("k2");
    world.server.set(JWKS, keys(&[new.jwk()]));
    world.pass(300);
    // The former key is gone from the set.
    assert_eq!(world.subject(&world.token()).await, refused("kid_unknown"));
    assert_eq!(world.server.count(JWKS), 2);
    assert_eq!(world.subject(&new.token(&world.claims())).await, alice());
}

#[tokio::test]
async fn keys_are_used_for_an_hour_while_the_issuer_is_down() {
    let world = World::new().await;
    world.subject(&world.token()).await.unwrap();
    down(&world);
    for minute in [5, 30, 59] {
        world.pass(minute * 60 - elapsed(&world));
        assert_eq!(world.subject(&world.token()).await, alice(), "minute {minute}");
        settle().await;
    }
    world.pass(3599 - elapsed(&world));
    assert_eq!(world.subject(&world.token()).await, alice());
    settle().await;
    world.pass(1);
    assert_eq!(world.subject(&world.token()).await, refused("unavailable"));
}

fn elapsed(world: &World) -> u64 {
    u64::try_from(crate::clock::Clock::unix(&world.clock).as_seconds() - NOW).unwrap()
}

#[tokio::test]
async fn without_any_keys_the_issuer_is_unavailable_until_it_answers() {
    let world = World::new().await;
    down(&world);
    for _ in 0..10 {
        assert_eq!(world.subject(&world.token()).await, refused("unavailable"));
    }
    assert_eq!(world.server.count(METADATA), 1);
    let url = world.server.url();
    world.server.set(METADATA, super::world::metadata(&url, &format!("{url}{JWKS}")));
    world.pass(29);
    assert_eq!(world.subject(&world.token()).await, refused("unavailable"));
    world.pass(1);
    assert_eq!(world.subject(&world.token()).await, alice());
}

#[tokio::test]
async fn an_unknown_key_is_fetched_at_most_every_thirty_seconds() {
    let world = World::new().await;
    world.subject(&world.token()).await.unwrap();
    world.pass(30);
    let stranger = Signer::new("unknown");
    for _ in 0..1000 {
        assert_eq!(world.subject(&stranger.token(&world.claims())).await, refused("kid_unknown"));
    }
    assert_eq!(world.server.count(JWKS), 2);
    // The wall clock neither frees the pause nor freezes it.
    world.clock.set_unix(NOW + 1_000_000);
    assert_eq!(world.subject(&stranger.token(&world.claims())).await, refused("kid_unknown"));
    world.clock.set_unix(NOW - 1_000_000);
    assert_eq!(world.subject(&stranger.token(&world.claims())).await, refused("kid_unknown"));
    assert_eq!(world.server.count(JWKS), 2);
    world.pass(30);
    assert_eq!(world.subject(&stranger.token(&world.claims())).await, refused("kid_unknown"));
    assert_eq!(world.server.count(JWKS), 3);
}

#[tokio::test]
async fn a_new_key_is_found_at_once_after_the_pause() {
    let world = World::new().await;
    world.subject(&world.token()).await.unwrap();
    let new = Signer::new("k2");
    world.server.set(JWKS, keys(&[world.signer.jwk(), new.jwk()]));
    world.pass(30);
    assert_eq!(world.subject(&new.token(&world.claims())).await, alice());
    assert_eq!(world.subject(&world.token()).await, alice());
}

#[tokio::test]
async fn an_unknown_key_is_unavailable_if_the_last_fetch_failed() {
    let world = World::new().await;
    world.subject(&world.token()).await.unwrap();
    down(&world);
    world.pass(30);
    let stranger = Signer::new("unknown");
    assert_eq!(world.subject(&stranger.token(&world.claims())).await, refused("unavailable"));
    assert_eq!(world.subject(&stranger.token(&world.claims())).await, refused("unavailable"));
    assert_eq!(world.subject(&world.token()).await, alice());
}

#[tokio::test]
async fn an_empty_set_replaces_the_keys_and_a_failed_answer_does_not() {
    let world = World::new().await;
    world.subject(&world.token()).await.unwrap();
    for bad in [r#"{"keys":{}}"#, "[]", "", r#"{"keys":[]}x"#, r#"[[]]"#, r#"{"keys":[],"keys":[]}"#] {
        world.server.set(JWKS, Answer::Json(bad.to_owned()));
        world.pass(300);
        assert_eq!(world.subject(&world.token()).await, alice(), "{bad}");
    }
    world.server.set(JWKS, Answer::Json(r#"{"keys":[]}"#.to_owned()));
    world.pass(300);
    eventually(async || world.subject(&world.token()).await == refused("kid_unknown")).await;
}

#[tokio::test]
async fn a_token_that_no_key_could_fit_causes_no_fetch() {
    let world = World::new().await;
    let claims = world.claims().to_string();
    for header in [
        r#"{"typ":"at+jwt","alg":"HS256","kid":"k1"}"#,
        r#"{"typ":"at+jwt","alg":"none","kid":"k1"}"#,
        r#"{"typ":"JWT","alg":"ES256","kid":"k1"}"#,
        r#"{"typ":"at+jwt","alg":"ES256","kid":"k1","crit":["x"]}"#,
    ] {
        assert!(world.subject(&world.signer.sign(header, &claims)).await.is_err(), "{header}");
    }
    let other = super::signer::claims("https://other.example");
    assert!(world.subject(&world.signer.token(&other)).await.is_err());
    assert_eq!(world.server.requests().len(), 0);
}
