//! The store fails, or answers late.

use core::{future::Future, pin::pin, task::Poll};

use super::*;

/// Returns a world with a list that is too old, and a store that fails.
async fn failing() -> World {
    let world = World::new();
    assert!(!world.refuses("s", 90).await.unwrap());
    world.clock.set(105);
    world.fails.store(true, Ordering::SeqCst);
    world
}

#[tokio::test]
async fn requests_that_wait_share_the_failure_and_later_ones_ask_again() {
    let world = failing().await;
    let ask = || world.refuses("s", 90);
    let answers = tokio::join!(ask(), ask(), ask(), ask());
    assert!([answers.0, answers.1, answers.2, answers.3].iter().all(Result::is_err));
    assert_eq!(world.asked(), 2, "one question of four requests, after the first of all");
    assert!(ask().await.is_err());
    assert_eq!(world.asked(), 3);
    world.fails.store(false, Ordering::SeqCst);
    assert!(!ask().await.unwrap(), "no request remembers the failure");
}

#[tokio::test]
async fn a_request_that_waits_asks_in_place_of_one_that_gave_up() {
    let world = failing().await;
    assert!(world.refuses("s", 90).await.is_err(), "a failure before both of them, which is not theirs");
    let mut waiting = pin!(world.refuses("s", 90));
    {
        let mut asking = pin!(world.refuses("s", 90));
        for future in [asking.as_mut() as core::pin::Pin<&mut dyn Future<Output = _>>, waiting.as_mut()] {
            let mut future = future;
            let waits = core::future::poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_pending())).await;
            assert!(waits);
        }
        assert_eq!(world.asked(), 3);
    }
    world.fails.store(false, Ordering::SeqCst);
    assert!(!waiting.await.unwrap());
    assert_eq!(world.asked(), 4);
}

#[tokio::test]
async fn a_failure_that_comes_late_admits_no_token_by_a_list_that_has_become_too_old() {
    let world = World::new();
    assert!(!world.refuses("s", 90).await.unwrap());
    world.fails.store(true, Ordering::SeqCst);
    world.takes.store(1, Ordering::SeqCst);
    world.clock.set(103);
    assert!(!world.refuses("s", 90).await.unwrap(), "at second 104 the list is recent enough");
    world.clock.set(103);
    world.takes.store(2, Ordering::SeqCst);
    assert!(world.refuses("s", 90).await.is_err(), "at second 105 it is not");
}

#[tokio::test]
async fn an_answer_that_comes_late_admits_no_token() {
    let world = World::new();
    world.takes.store(5, Ordering::SeqCst);
    let error = world.refuses("s", 90).await.unwrap_err();
    assert!(format!("{error:?}").contains("later than `revocation_delay`"), "{error:?}");
    world.takes.store(4, Ordering::SeqCst);
    assert!(!world.refuses("s", 90).await.unwrap());
}
