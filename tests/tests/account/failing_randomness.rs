//! The source of randomness fails. No client gets a guessable secret, and no client loses its credentials.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use auth_runtime::secret::{Entropy, EntropyError, SystemEntropy};
use serde_json::json;

use super::{
    answers::Answer,
    cookies::{browse, cookie, sign_in},
    world::{PASSWORD, World, defaults, post},
};

/// A source that succeeds a number of times, and then fails once.
#[derive(Clone)]
struct Scarce(Arc<AtomicUsize>);

impl Entropy for Scarce {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        match self.0.fetch_sub(1, Ordering::SeqCst) {
            0 => Err(EntropyError),
            _ => SystemEntropy::new().fill(bytes),
        }
    }
}

impl Scarce {
    fn world() -> (World, Self) {
        let scarce = Self(Arc::new(AtomicUsize::new(usize::MAX)));
        let handed_in = scarce.clone();
        (World::in_memory(|builder| defaults(builder).entropy(handed_in)), scarce)
    }

    fn fail_at(&self, call: usize) {
        self.0.store(call, Ordering::SeqCst);
    }

    /// Returns whether the failure has not happened, and cancels it.
    fn is_left_over(&self) -> bool {
        self.0.swap(usize::MAX, Ordering::SeqCst) < usize::MAX / 2
    }

    /// Makes each of the calls in `act` fail in turn, and returns the number of calls.
    async fn at_each_call(&self, world: &World, act: impl AsyncFn(usize) -> Answer) -> usize {
        for call in 0.. {
            world.clock.advance(Duration::from_secs(60));
            let answer = act(call).await;
            if self.is_left_over() {
                assert!(answer.status < 300, "{answer:?}");
                return call;
            }
            assert_eq!(answer.status, 503, "call {call}: {answer:?}");
            assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1, "{answer:?}");
            assert_eq!(answer.header("set-cookie"), "", "{answer:?}");
        }
        unreachable!("the range has no end")
    }
}

#[tokio::test]
async fn without_randomness_no_user_is_signed_in() {
    let (world, scarce) = Scarce::world();
    world.join("alice", &[]).await;
    let with_tokens = async |call| {
        scarce.fail_at(call);
        world.login("alice", PASSWORD).await
    };
    let with_a_cookie = async |call| {
        scarce.fail_at(call);
        sign_in(&world, "alice").await
    };
    assert_eq!(scarce.at_each_call(&world, with_tokens).await, 3, "refresh token, session, access token");
    assert_eq!(scarce.at_each_call(&world, with_a_cookie).await, 2, "session and cookie");
}

#[tokio::test]
async fn a_refresh_token_and_a_cookie_go_on() {
    let (world, scarce) = Scarce::world();
    world.join("alice", &[]).await;
    let refresh = async |call| {
        let token = world.login("alice", PASSWORD).await.text("refresh_token");
        scarce.fail_at(call);
        let answer = world.refresh(&token).await;
        if answer.status == 503 {
            let successor = world.refresh(&token).await.text("refresh_token");
            assert_eq!(world.refresh(&successor).await.status, 200, "call {call}");
        }
        answer
    };
    assert_eq!(scarce.at_each_call(&world, refresh).await, 3, "successor, seal, access token");
    let renew = async |call| {
        let own = cookie(&sign_in(&world, "alice").await);
        scarce.fail_at(call);
        let request = post("/auth/reauthenticate", "application/json").header("cookie", &own);
        let body = json!({ "password": PASSWORD }).to_string();
        let answer = world.send(request.header("sec-fetch-site", "same-origin"), body).await;
        assert!(answer.status == 200 || browse(&world, "GET", "/auth/me", &own).await.status == 200, "call {call}");
        answer
    };
    assert_eq!(scarce.at_each_call(&world, renew).await, 1, "the cookie");
}
