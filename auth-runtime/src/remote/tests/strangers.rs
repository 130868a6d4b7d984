//! Strangers who send invented credentials: they neither use up the places of others, nor lead the issuer into its rate
//! limit.

use core::{net::SocketAddr, time::Duration};
use std::sync::Arc;

use axum::{extract::ConnectInfo, http::Request};
use serde_json::Value;
use tokio::time::sleep;

use super::{
    server::Answer,
    sessions::{SESSION, TOKEN, World, document},
};
use crate::authn::AuthnError;

const STRANGER: &str = "192.0.2.1:1";
const OTHER: &str = "192.0.2.2:1";

/// Returns whether the token proves a caller, or the refusal.
async fn from(world: &World, peer: &str, token: &str) -> Result<(), String> {
    let peer = ConnectInfo(peer.parse::<SocketAddr>().unwrap());
    let request = Request::get("/").header("authorization", format!("Bearer {token}")).extension(peer);
    match world.auth.authenticate(&request.body(()).unwrap().into_parts().0).await {
        Ok(identity) => identity.map(drop).ok_or_else(|| "anonymous".to_owned()),
        Err(AuthnError::Invalid(reason)) => Err(reason.to_owned()),
        Err(AuthnError::Limited(limit)) => Err(format!("429 after {:?}", limit.retry_after())),
        Err(AuthnError::Unavailable(_)) => Err("503".to_owned()),
        Err(other) => panic!("{other}"),
    }
}

fn invented(number: usize) -> String {
    format!("invented-{number:023}")
}

#[tokio::test]
async fn a_stranger_fills_no_places_of_others() {
    let world = Arc::new(World::new().await);
    world.server.set(SESSION, Answer::Silent);
    let ask = |peer: &'static str, token: String| {
        let world = Arc::clone(&world);
        tokio::spawn(async move { from(&world, peer, &token).await })
    };
    let stalled: Vec<_> = (0..4).map(|number| ask(STRANGER, invented(number))).collect();
    while world.server.requests().len() < 4 {
        sleep(Duration::from_millis(10)).await;
    }
    for number in 4..20 {
        assert_eq!(ask(STRANGER, invented(number)).await.unwrap(), Err("429 after 1s".to_owned()));
    }
    // All callers with this credential wait for the same answer.
    let same = ask(STRANGER, invented(0));
    world.answers(&document());
    assert_eq!(from(&world, OTHER, TOKEN).await, Ok(()));
    assert_eq!(from(&world, STRANGER, TOKEN).await, Ok(()), "what is remembered takes no place");
    for task in stalled.into_iter().chain([same]) {
        assert_eq!(task.await.unwrap(), Err("503".to_owned()));
    }
    assert_eq!(world.server.requests().len(), 5);
}

#[tokio::test]
async fn an_address_with_many_refusals_waits() {
    let world = World::new().await;
    assert_eq!(from(&world, OTHER, TOKEN).await, Ok(()));
    world.answers(&Value::Null);
    for number in 0..100 {
        assert_eq!(from(&world, STRANGER, &invented(number)).await, Err("session_unknown".to_owned()));
    }
    for number in 100..110 {
        assert_eq!(from(&world, STRANGER, &invented(number)).await, Err("429 after 1s".to_owned()));
    }
    assert_eq!(world.server.requests().len(), 101);
    assert_eq!(from(&world, STRANGER, &invented(0)).await, Err("session_unknown".to_owned()), "it is remembered");
    assert_eq!(from(&world, STRANGER, TOKEN).await, Ok(()), "so is this");
    // The /64 of an IPv6 address is one client. Other clients go on.
    world.answers(&Value::Null);
    for number in 0..100 {
        let peer = format!("[2001:db8::{number:x}]:1");
        assert_eq!(from(&world, &peer, &invented(200 + number)).await, Err("session_unknown".to_owned()));
    }
    assert_eq!(from(&world, "[2001:db8::ffff:1]:1", &invented(300)).await, Err("429 after 1s".to_owned()));
    assert_eq!(from(&world, OTHER, &invented(301)).await, Err("session_unknown".to_owned()));
    world.pass(1);
    assert_eq!(from(&world, STRANGER, &invented(302)).await, Err("session_unknown".to_owned()));
}

#[tokio::test]
async fn live_credentials_count_for_nothing() {
    let world = World::new().await;
    for number in 0..150 {
        let token = invented(number);
        let mut document = document();
        document["session"]["token"] = token.clone().into();
        world.answers(&document);
        assert_eq!(from(&world, STRANGER, &token).await, Ok(()));
    }
}
