use proptest::prelude::*;

use super::*;

const SECOND: u64 = 1_000_000_000;

fn at(nanos: u64) -> Monotonic {
    Monotonic::from_nanos(nanos)
}

fn open(now: u64) -> Breaker {
    let breaker = Breaker::default();
    for failure in 1..=5 {
        assert_eq!(breaker.turn(at(now)), Turn::Ask);
        assert_eq!(breaker.failed(Turn::Ask, at(now)), (failure == 5).then_some(Change::Opened));
    }
    breaker
}

#[test]
fn five_failures_in_a_row_open_it_and_one_request_a_second_probes() {
    let breaker = open(SECOND);
    for now in [SECOND, SECOND + 1, 2 * SECOND - 1] {
        assert_eq!(breaker.turn(at(now)), Turn::Skip);
    }
    assert_eq!(breaker.turn(at(2 * SECOND)), Turn::Probe);
    assert_eq!(breaker.turn(at(2 * SECOND)), Turn::Skip);
    assert_eq!(breaker.failed(Turn::Probe, at(2 * SECOND + 50)), None);
    assert_eq!(breaker.turn(at(3 * SECOND - 1)), Turn::Skip);
    assert_eq!(breaker.turn(at(3 * SECOND)), Turn::Probe);
    assert_eq!(breaker.answered(Turn::Probe), Some(Change::Closed { unasked: 5 }));
    assert_eq!(breaker.turn(at(3 * SECOND)), Turn::Ask);
}

#[test]
fn after_a_probe_one_failure_opens_it_again_and_answers_restore_it() {
    let breaker = open(0);
    assert_eq!(breaker.turn(at(SECOND)), Turn::Probe);
    assert!(breaker.answered(Turn::Probe).is_some());
    assert_eq!(breaker.failed(Turn::Ask, at(SECOND)), Some(Change::Opened));

    assert_eq!(breaker.turn(at(2 * SECOND)), Turn::Probe);
    assert!(breaker.answered(Turn::Probe).is_some());
    for _ in 0..AFTER_PROBE {
        assert_eq!(breaker.answered(Turn::Ask), None);
    }
    for failure in 1..=5 {
        assert_eq!(breaker.failed(Turn::Ask, at(2 * SECOND)).is_some(), failure == 5);
    }
}

/// A request that asked before the breaker opened says nothing about the store after that.
#[test]
fn late_answers_and_failures_change_nothing() {
    let breaker = open(0);
    for _ in 0..20 {
        assert_eq!(breaker.failed(Turn::Ask, at(1)), None);
        assert_eq!(breaker.answered(Turn::Ask), None);
    }
    assert_eq!(breaker.turn(at(1)), Turn::Skip);
}

#[test]
fn a_probe_that_is_never_finished_makes_room_for_the_next() {
    let breaker = open(0);
    for second in 1..5 {
        assert_eq!(breaker.turn(at(second * SECOND)), Turn::Probe);
    }
}

#[test]
fn a_missing_connection_counts_once_in_a_tenth_of_a_second_and_at_each_probe() {
    let breaker = Breaker::default();
    let counted = |now| (0..100).filter(|_| breaker.counts_connection(Turn::Ask, at(now))).count();
    assert_eq!(counted(SECOND), 1);
    assert_eq!(counted(SECOND + 99_999_999), 0);
    assert_eq!(counted(SECOND + 100_000_000), 1);
    assert_eq!(counted(9 * SECOND), 1);
    assert!(breaker.counts_connection(Turn::Probe, at(9 * SECOND)));
}

proptest! {
    /// A store that fails less than one request in four is always asked.
    #[test]
    fn rare_failures_never_open_it(answers in prop::collection::vec(3_u32..6, 0..200)) {
        let breaker = Breaker::default();
        for answered in answers {
            prop_assert_eq!(breaker.failed(Turn::Ask, at(0)), None);
            for _ in 0..answered {
                prop_assert_eq!(breaker.answered(Turn::Ask), None);
            }
            prop_assert_eq!(breaker.turn(at(0)), Turn::Ask);
        }
    }

    /// In every case, the breaker reports opening and closing in turn, and lets a request ask within a second.
    #[test]
    fn changes_alternate_and_nothing_stays_shut(steps in prop::collection::vec((0_u64..SECOND, any::<bool>()), 1..300)) {
        let breaker = Breaker::default();
        let (mut now, mut is_open) = (0, false);
        for (pause, answers) in steps {
            now += pause;
            let turn = breaker.turn(at(now));
            prop_assert!(turn != Turn::Ask || !is_open);
            let change = match turn {
                Turn::Skip => None,
                asked if answers => breaker.answered(asked),
                asked => breaker.failed(asked, at(now)),
            };
            match change {
                None => {}
                Some(Change::Opened) => prop_assert!(!core::mem::replace(&mut is_open, true)),
                Some(Change::Closed { .. }) => prop_assert!(core::mem::replace(&mut is_open, false)),
            }
            prop_assert!(!is_open || breaker.probe_at.load(Ordering::Relaxed) <= now + SECOND);
        }
    }
}
