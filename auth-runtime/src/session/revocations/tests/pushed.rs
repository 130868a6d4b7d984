//! A store that says that it has news.

use super::*;

#[tokio::test]
async fn a_push_takes_effect_at_the_next_request() {
    let world = World::new();
    assert!(!world.refuses("s", 90).await.unwrap());
    world.end_elsewhere("s").await;
    world.clock.set_millis(100_100);
    assert!(!world.refuses("s", 90).await.unwrap(), "neither a push nor half of the time");
    world.signal.raise();
    assert!(world.refuses("s", 90).await.unwrap());
    assert_eq!(world.asked(), 2);
    world.clock.set_millis(100_300);
    assert!(world.refuses("s", 90).await.unwrap());
    assert_eq!(world.asked(), 2, "a push causes one question");
}

#[tokio::test]
async fn pushes_cause_a_question_every_100_milliseconds_at_most() {
    let world = World::new();
    for millis in 100_000..101_000 {
        world.clock.set_millis(millis);
        world.signal.raise();
        world.refuses("s", 90).await.unwrap();
    }
    assert_eq!(world.asked(), 10);
}

/// The answer that is on its way may lack the revocation.
#[tokio::test]
async fn a_push_during_an_answer_causes_another_question() {
    let world = World::new();
    assert!(!world.refuses("s", 90).await.unwrap());
    world.clock.set_millis(100_100);
    let asked = world.revocations.pushes.begin(world.clock.monotonic());
    world.signal.raise();
    world.revocations.pushes.answered(asked);
    world.clock.set_millis(100_199);
    assert!(!world.revocations.is_due(world.clock.monotonic()));
    world.clock.set_millis(100_200);
    assert!(world.revocations.is_due(world.clock.monotonic()));
}

/// Pushes do not lengthen the time for which a silent store is trusted, and do not shorten it.
#[tokio::test]
async fn a_push_that_is_not_answered_changes_no_time_of_refusal() {
    let world = World::new();
    assert!(!world.refuses("s", 90).await.unwrap());
    world.fails.store(true, Ordering::SeqCst);
    for millis in (100_100..=104_000).step_by(100) {
        world.clock.set_millis(millis);
        world.signal.raise();
        assert!(!world.refuses("s", 90).await.unwrap(), "{millis}");
    }
    assert_eq!(world.asked(), 41, "the question is put again");
    world.clock.set_millis(104_001);
    world.signal.raise();
    assert!(world.refuses("s", 90).await.is_err());
}

#[tokio::test]
async fn a_clock_that_goes_back_silences_no_push() {
    let world = World::new();
    assert!(!world.refuses("s", 90).await.unwrap());
    world.signal.raise();
    world.clock.set(99);
    assert!(world.revocations.pushes.demand_a_question(world.clock.monotonic()));
}
