//! Presents one refresh token many times.

use super::{
    samples::{
        GRACE, Presented, assert_untouched, at, begin, continued, ended, ending, fingerprint, found, found_token, hash,
        nearly, present, revoked, session, token, unused, used,
    },
    sessions::touched,
};
use crate::store::{EndReason, Fingerprint, Rotated, SessionRecord, SessionStore};

pub(super) async fn all<S: SessionStore>(fresh: &impl AsyncFn() -> S) {
    a_token_is_used_up_and_followed_by_its_successor(&fresh().await).await;
    a_chain_goes_on_for_as_long_as_it_is_used(&fresh().await).await;
    an_unknown_token_is_unknown(&fresh().await).await;
    a_lost_answer_is_given_again(&fresh().await).await;
    an_answer_is_given_again_after_its_successor_was_used(&fresh().await).await;
    a_fingerprint_counts_where_it_must_match(&fresh().await).await;
    for (case, replay) in copies() {
        a_copy_ends_the_family(&fresh().await, case, &replay).await;
    }
    a_copy_is_told_in_any_part_of_the_chain(&fresh().await).await;
    an_ended_session_is_over_before_anything_else(&fresh().await).await;
    another_clients_token_is_not_used_up(&fresh().await).await;
    an_expired_token_is_not_used_up(&fresh().await).await;
    a_token_expires_also_where_its_session_does_not(&fresh().await).await;
    a_session_has_an_end_however_much_it_is_used(&fresh().await).await;
    an_honest_retry_after_the_end_is_no_copy(&fresh().await).await;
    a_taken_successor_uses_nothing_up(&fresh().await).await;
}

async fn a_token_is_used_up_and_followed_by_its_successor(store: &impl SessionStore) {
    begin(store).await;
    let expected = continued(session("s"), 1_500);
    assert_eq!(present(1, 2, 1_500).to(store).await, Rotated::Won(expected.clone()));
    assert!(found(store, "s").await == expected);
    assert!(found_token(store, 1).await == used(&expected), "used, and still known");
    assert!(found_token(store, 2).await == unused(&expected));
    assert!(revoked(store).await.is_empty());

    let expected = continued(expected, 2_499);
    assert_eq!(present(2, 3, 2_499).to(store).await, Rotated::Won(expected), "lives as long as the session now does");
    assert_untouched(store).await;
}

async fn a_chain_goes_on_for_as_long_as_it_is_used(store: &impl SessionStore) {
    begin(store).await;
    for number in 1..=100 {
        let now = 1_500 + i64::from(number);
        let rotated = present(number, number + 1, now).to(store).await;
        assert_eq!(rotated, Rotated::Won(continued(session("s"), now)), "{number}");
    }
    assert_untouched(store).await;
}

async fn an_unknown_token_is_unknown(store: &impl SessionStore) {
    begin(store).await;
    for hash in [hash(0), hash(2), hash(254), nearly(hash(1))] {
        assert_eq!(Presented { hash, ..present(1, 9, 1_500) }.to(store).await, Rotated::Unknown);
        assert!(store.find_by_token(&hash).await.unwrap().is_none());
    }
    assert!(store.find_by_token(&hash(9)).await.unwrap().is_none(), "a successor of an unknown token is not kept");
    assert!(found(store, "s").await == session("s"));
}

async fn a_lost_answer_is_given_again(store: &impl SessionStore) {
    begin(store).await;
    let session = continued(session("s"), 1_500);
    assert_eq!(present(1, 2, 1_500).to(store).await, Rotated::Won(session.clone()));
    // A retry may seem to come before the use, because the clocks of two processes differ.
    for now in [1_480, 1_499, 1_500, 1_501, 1_520] {
        let again = Rotated::Again { session: session.clone(), sealed: b"sealed 2".to_vec() };
        assert_eq!(present(1, 3, now).to(store).await, again, "{now}");
        assert!(store.find_by_token(&hash(3)).await.unwrap().is_none(), "there is one successor");
    }
    assert!(found(store, "s").await == session, "saying it again is not using it");
    assert!(revoked(store).await.is_empty());
    assert!(matches!(present(2, 4, 1_520).to(store).await, Rotated::Won(_)));
}

async fn an_answer_is_given_again_after_its_successor_was_used(store: &impl SessionStore) {
    begin(store).await;
    assert!(matches!(present(1, 2, 1_500).to(store).await, Rotated::Won(_)));
    assert!(matches!(present(2, 3, 1_505).to(store).await, Rotated::Won(_)));
    for (number, answer, now) in [(1, "sealed 2", 1_520), (2, "sealed 3", 1_525)] {
        let rotated = present(number, 9, now).to(store).await;
        assert!(matches!(rotated, Rotated::Again { sealed, .. } if sealed == answer.as_bytes()), "{number}");
    }
    assert!(matches!(present(3, 4, 1_525).to(store).await, Rotated::Won(_)));
}

/// The store keeps the fingerprint even where it need not match, since the next rotation may ask for it.
async fn a_fingerprint_counts_where_it_must_match(store: &impl SessionStore) {
    begin(store).await;
    let mild = |now, number| Presented {
        fingerprint: fingerprint(number),
        must_match_fingerprint: false,
        ..present(1, 9, now)
    };
    let used = Presented { successor: hash(2), sealed: b"sealed 2".to_vec(), ..mild(1_500, 77) };
    assert!(matches!(used.to(store).await, Rotated::Won(_)));
    for retry in [mild(1_501, 78), mild(1_520, 0), present(1, 9, 1_510)] {
        assert!(matches!(retry.to(store).await, Rotated::Again { sealed, .. } if sealed == b"sealed 2"));
    }
    let foreign = Presented { client_id: "another".to_owned(), ..mild(1_501, 77) };
    assert!(matches!(foreign.to(store).await, Rotated::Reused(_)));
}

/// Returns token 1, used at 1500, presented by a client other than the retrying one.
fn copies() -> Vec<(&'static str, Presented)> {
    let replay = |now| present(1, 9, now);
    let mut nearly = [77; 32];
    nearly[0] ^= 1;
    let nearly = Fingerprint::from_bytes(nearly);
    vec![
        ("too late", replay(1_521)),
        ("the clock went back by more than it may", replay(1_479)),
        ("much too late, and expired", replay(2_500)),
        ("later than the session can be", replay(6_000)),
        ("at the end of time", replay(i64::MAX)),
        ("before all time", replay(i64::MIN)),
        ("no grace at all", Presented { grace_seconds: 0, ..replay(1_500) }),
        ("less grace than before", Presented { grace_seconds: 5, ..replay(1_506) }),
        ("another client", Presented { client_id: "another".to_owned(), ..replay(1_500) }),
        ("a client of another case", Presented { client_id: "Client".to_owned(), ..replay(1_500) }),
        ("another fingerprint", Presented { fingerprint: nearly, ..replay(1_500) }),
        ("another fingerprint, too late", Presented { fingerprint: nearly, ..replay(1_521) }),
        ("another client, too late", Presented { client_id: "another".to_owned(), ..replay(1_521) }),
    ]
}

async fn a_copy_ends_the_family(store: &impl SessionStore, case: &str, replay: &Presented) {
    begin(store).await;
    let session = continued(session("s"), 1_500);
    assert_eq!(present(1, 2, 1_500).to(store).await, Rotated::Won(session.clone()), "{case}");

    let expected = ended(session, replay.now.as_seconds(), EndReason::TokenReuse);
    assert_eq!(replay.to(store).await, Rotated::Reused(expected.clone()), "{case}");
    assert!(found(store, "s").await == expected, "{case}");
    assert_eq!(revoked(store).await, ["s"], "{case}");
    for number in [1, 2] {
        let rotated = present(number, 8, 1_500).to(store).await;
        assert_eq!(rotated, Rotated::Ended(expected.clone()), "{case}: token {number} is of no use to anybody");
    }
    assert_eq!(replay.to(store).await, Rotated::Ended(expected.clone()), "{case}");
    assert!(found(store, "s").await == expected, "{case}: it ended once");
    assert_eq!(revoked(store).await, ["s"], "{case}: it ended once");
    for number in [8, 9] {
        assert!(store.find_by_token(&hash(number)).await.unwrap().is_none(), "{case}: a copy has no successor");
    }
    assert_untouched(store).await;
}

async fn a_copy_is_told_in_any_part_of_the_chain(store: &impl SessionStore) {
    begin(store).await;
    for number in 1..=10 {
        let now = 1_500 + i64::from(number) * 10;
        assert!(matches!(present(number, number + 1, now).to(store).await, Rotated::Won(_)), "{number}");
    }
    assert!(matches!(present(5, 99, 1_600).to(store).await, Rotated::Reused(_)));
    for number in 1..=11 {
        assert!(matches!(present(number, 99, 1_600).to(store).await, Rotated::Ended(_)), "{number}");
    }
    assert_eq!(revoked(store).await, ["s"]);
    assert_untouched(store).await;
}

async fn an_ended_session_is_over_before_anything_else(store: &impl SessionStore) {
    begin(store).await;
    let used = continued(session("s"), 1_500);
    assert_eq!(present(1, 2, 1_500).to(store).await, Rotated::Won(used.clone()));
    assert!(store.end("s", "user", ending(1_501, EndReason::SignedOut)).await.unwrap());

    let expected = Rotated::Ended(ended(used, 1_501, EndReason::SignedOut));
    for (case, replay) in copies() {
        assert_eq!(replay.to(store).await, expected, "{case}");
        assert_eq!(Presented { hash: hash(2), ..replay }.to(store).await, expected, "{case}: not used");
    }
    assert_eq!(present(1, 9, 1_500).to(store).await, expected, "an answer is not given again");
    assert_eq!(revoked(store).await, ["s"]);
    assert!(store.find_by_token(&hash(9)).await.unwrap().is_none());
    assert_untouched(store).await;
}

async fn another_clients_token_is_not_used_up(store: &impl SessionStore) {
    begin(store).await;
    for client_id in ["another", "Client", "client ", ""] {
        for now in [1_500, 2_000, i64::MAX] {
            let foreign = Presented { client_id: client_id.to_owned(), ..present(1, 9, now) };
            assert_eq!(foreign.to(store).await, Rotated::Foreign(session("s")), "{client_id:?} at {now}");
        }
    }
    assert!(store.find_by_token(&hash(9)).await.unwrap().is_none());
    assert!(matches!(present(1, 2, 1_500).to(store).await, Rotated::Won(_)));
    assert!(revoked(store).await.is_empty());
}

async fn an_expired_token_is_not_used_up(store: &impl SessionStore) {
    begin(store).await;
    for now in [2_000, 2_001, i64::MAX] {
        assert_eq!(present(1, 9, now).to(store).await, Rotated::Expired, "{now}");
    }
    assert!(found(store, "s").await == session("s"));
    assert!(store.find_by_token(&hash(9)).await.unwrap().is_none());
    assert!(matches!(present(1, 2, 1_999).to(store).await, Rotated::Won(_)), "it expires in the second that it names");
    assert!(revoked(store).await.is_empty());
}

async fn a_token_expires_also_where_its_session_does_not(store: &impl SessionStore) {
    begin(store).await;
    assert!(touched(store, "s", "first", 1_500, 3_000).await);
    assert_eq!(present(1, 9, 2_000).to(store).await, Rotated::Expired);
    assert!(matches!(present(1, 2, 1_999).to(store).await, Rotated::Won(_)));
}

async fn a_session_has_an_end_however_much_it_is_used(store: &impl SessionStore) {
    store.begin(SessionRecord { absolute_expires_at: at(1_800), ..session("s") }, token(1)).await.unwrap();
    assert!(matches!(present(1, 2, 1_790).to(store).await, Rotated::Won(_)));
    assert_eq!(present(2, 3, 1_800).to(store).await, Rotated::Expired);
    assert!(matches!(present(2, 3, 1_799).to(store).await, Rotated::Won(_)));
}

async fn an_honest_retry_after_the_end_is_no_copy(store: &impl SessionStore) {
    // One session reaches its absolute end, the other its idle end.
    store.begin(SessionRecord { absolute_expires_at: at(1_800), ..session("s") }, token(1)).await.unwrap();
    store.begin(session("idle"), token(3)).await.unwrap();
    assert!(matches!(present(1, 2, 1_790).to(store).await, Rotated::Won(_)));
    let idle = Presented { idle_expires_at: at(1_000), ..present(3, 4, 1_990) };
    assert!(matches!(idle.to(store).await, Rotated::Won(_)));
    for (number, used, over) in [(1, 1_790, 1_800), (3, 1_990, 2_000)] {
        assert!(matches!(present(number, 9, over - 1).to(store).await, Rotated::Again { .. }), "{number}");
        for now in [over, used + i64::from(GRACE)] {
            assert_eq!(present(number, 9, now).to(store).await, Rotated::Expired, "{number} at {now}");
        }
    }
    assert_eq!((found(store, "s").await.ended, found(store, "idle").await.ended), (None, None));
    assert!(revoked(store).await.is_empty());

    let thief = Presented { fingerprint: fingerprint(78), ..present(1, 9, 1_800) };
    assert!(matches!(thief.to(store).await, Rotated::Reused(_)), "another program has it");
    let late = present(3, 9, 1_991 + i64::from(GRACE));
    assert!(matches!(late.to(store).await, Rotated::Reused(_)), "a client does not wait that long for an answer");
    assert_eq!(revoked(store).await, ["s", "idle"]);
}

async fn a_taken_successor_uses_nothing_up(store: &impl SessionStore) {
    begin(store).await;
    for successor in [1, 255] {
        assert!(present(1, successor, 1_500).try_to(store).await.is_err(), "{successor}");
        assert!(found(store, "s").await == session("s"), "{successor}");
    }
    assert!(matches!(present(1, 2, 1_600).to(store).await, Rotated::Won(_)));
    assert_untouched(store).await;
}
