use super::{
    cleaning, endings, hostile, removals, revocations, rotation,
    samples::{at, cookie, ended, ending, found, found_token, hash, label, present, session, token, unused},
    session_race,
};
use crate::store::{ClientLabel, CookieSwap, EndReason, Rotated, SessionKind, SessionRecord, SessionStore, Touch};

/// Checks a store of sessions.
///
/// # Panics
/// Panics at the first mistake of the store.
pub async fn session_store<S: SessionStore>(fresh: impl AsyncFn() -> S) {
    a_session_is_found_as_it_was_begun(&fresh().await).await;
    an_empty_store_has_nothing(&fresh().await).await;
    an_identifier_and_a_hash_begin_one_session(&fresh().await).await;
    live_sessions_are_listed_the_last_used_first(&fresh().await).await;
    sessions_used_at_one_time_are_listed_the_newest_first(&fresh().await).await;
    a_session_is_touched_and_never_goes_back(&fresh().await).await;
    a_cookie_is_replaced_only_where_it_is_still_the_old_one(&fresh().await).await;
    a_cookie_is_not_replaced_by_another_sessions(&fresh().await).await;
    rotation::all(&fresh).await;
    endings::all(&fresh).await;
    removals::sessions(&fresh).await;
    revocations::all(&fresh).await;
    cleaning::all(&fresh).await;
    hostile::sessions(&fresh().await).await;
    session_race::all(&fresh).await;
}

async fn a_session_is_found_as_it_was_begun(store: &impl SessionStore) {
    let bearer = session("bearer");
    let other_times = SessionRecord { auth_time: at(-7), scope: String::new(), ..cookie_session("cookie") };
    let unlabelled = SessionRecord { client: ClientLabel::default(), ..session("unlabelled") };
    let over = ended(session("over"), 1_200, EndReason::Administrator);
    store.begin(bearer.clone(), token(1)).await.unwrap();
    store.begin(other_times.clone(), cookie(2)).await.unwrap();
    store.begin(unlabelled.clone(), token(3)).await.unwrap();
    store.begin(over.clone(), token(4)).await.unwrap();

    for (number, session) in [(1, &bearer), (3, &unlabelled), (4, &over)] {
        assert!(found(store, &session.id).await == *session, "{}", session.id);
        assert!(found_token(store, number).await == unused(session), "{}", session.id);
        assert!(store.find_by_cookie(&hash(number)).await.unwrap().is_none(), "a refresh token is no cookie");
    }
    assert!(found(store, "cookie").await == other_times);
    assert!(store.find_by_cookie(&hash(2)).await.unwrap() == Some(other_times));
    assert!(store.find_by_token(&hash(2)).await.unwrap().is_none(), "a cookie is no refresh token");
    assert_eq!(present(2, 9, 1_500).to(store).await, Rotated::Unknown, "a cookie is no refresh token");
}

async fn an_empty_store_has_nothing(store: &impl SessionStore) {
    for text in ["", "s", "user", "%", "*"] {
        assert!(store.find_session(text).await.unwrap().is_none(), "{text:?}");
        assert!(store.list(text, at(0)).await.unwrap().is_empty(), "{text:?}");
        assert!(!touched(store, text, "first", 1_500, 2_500).await, "{text:?}");
        assert!(!store.reauthenticated(text, None, at(1_500)).await.unwrap(), "{text:?}");
        assert!(!store.reauthenticated(text, Some(swap(1, 2)), at(1_500)).await.unwrap(), "{text:?}");
        assert!(!store.end(text, text, ending(1_500, EndReason::SignedOut)).await.unwrap(), "{text:?}");
        assert!(store.end_all(text, None, ending(1_500, EndReason::SignedOut)).await.unwrap().is_empty(), "{text:?}");
        assert!(store.reissue(text, at(2_000)).await.unwrap().is_empty(), "{text:?}");
    }
    assert!(store.find_by_token(&hash(0)).await.unwrap().is_none());
    assert!(store.find_by_cookie(&hash(0)).await.unwrap().is_none());
    assert_eq!(present(0, 1, 1_500).to(store).await, Rotated::Unknown);
    assert!(store.find_by_token(&hash(1)).await.unwrap().is_none(), "a successor of an unknown token is not kept");
    assert_eq!(store.remove_expired(at(i64::MAX), u32::MAX).await.unwrap(), 0);
    assert!(store.revocations(0).await.unwrap().is_empty());
}

async fn an_identifier_and_a_hash_begin_one_session(store: &impl SessionStore) {
    store.begin(session("s"), token(1)).await.unwrap();
    store.begin(cookie_session("c"), cookie(2)).await.unwrap();
    let other = |id: &str| SessionRecord { user_id: "another".to_owned(), ..session(id) };

    for credential in [token(3), cookie(3)] {
        assert!(store.begin(other("s"), credential).await.is_err(), "the identifier is another session's");
        assert!(store.begin(other("c"), credential).await.is_err(), "the identifier is another session's");
    }
    assert!(store.find_by_token(&hash(3)).await.unwrap().is_none(), "a refused credential is not kept");
    assert!(store.find_by_cookie(&hash(3)).await.unwrap().is_none(), "a refused credential is not kept");
    assert!(store.begin(other("t"), token(1)).await.is_err(), "the token is another session's");
    assert!(store.begin(other("t"), cookie(2)).await.is_err(), "the cookie is another session's");
    assert!(matches!(present(1, 4, 1_500).to(store).await, Rotated::Won(_)));
    assert!(store.begin(other("t"), token(1)).await.is_err(), "a used token stays taken");
    assert!(store.begin(other("t"), token(4)).await.is_err(), "a successor is taken");

    assert!(store.find_session("t").await.unwrap().is_none(), "a refused session is not kept");
    assert!(store.list("another", at(1_500)).await.unwrap().is_empty());
    assert!(store.find_by_cookie(&hash(2)).await.unwrap() == Some(cookie_session("c")));
    assert_eq!(found(store, "s").await.user_id, "user");
}

async fn sessions_used_at_one_time_are_listed_the_newest_first(store: &impl SessionStore) {
    for (number, id) in [(1, "b"), (2, "c"), (3, "a")] {
        store.begin(session(id), token(number)).await.unwrap();
    }
    let listed = store.list("user", at(1_500)).await.unwrap();
    assert!(listed.iter().map(|session| &*session.id).eq(["c", "b", "a"]), "identifiers sort in the order of creation");
}

async fn live_sessions_are_listed_the_last_used_first(store: &impl SessionStore) {
    let used = |id: &str, last_used_at| SessionRecord { last_used_at: at(last_used_at), ..session(id) };
    let listed = async |user: &str, now: i64| -> Vec<String> {
        store.list(user, at(now)).await.unwrap().into_iter().map(|session| session.id).collect()
    };
    // The order differs from the order of beginnings and from that of identifiers.
    store.begin(used("b", 1_200), token(1)).await.unwrap();
    store.begin(used("c", 1_400), token(2)).await.unwrap();
    store.begin(SessionRecord { kind: SessionKind::Cookie, ..used("a", 1_300) }, cookie(3)).await.unwrap();
    store.begin(SessionRecord { user_id: "another".to_owned(), ..session("d") }, token(4)).await.unwrap();
    store.begin(SessionRecord { absolute_expires_at: at(1_800), ..used("e", 1_100) }, token(5)).await.unwrap();
    store.begin(SessionRecord { idle_expires_at: at(1_700), ..used("f", 1_000) }, token(6)).await.unwrap();
    store.begin(used("g", 1_350), token(7)).await.unwrap();
    assert!(store.end("g", "user", ending(1_400, EndReason::SignedOut)).await.unwrap());

    assert_eq!(listed("user", 1_699).await, ["c", "a", "b", "e", "f"]);
    assert_eq!(listed("user", 1_700).await, ["c", "a", "b", "e"], "expired by idleness");
    assert_eq!(listed("user", 1_800).await, ["c", "a", "b"], "expired by its absolute end");
    assert!(touched(store, "b", "first", 1_900, 2_500).await);
    assert_eq!(listed("user", 1_999).await, ["b", "c", "a"]);
    assert_eq!(listed("user", 2_000).await, ["b"]);
    assert_eq!(listed("another", 1_500).await, ["d"]);
    assert!(listed("User", 1_500).await.is_empty(), "case matters");
    for listed in store.list("user", at(1_500)).await.unwrap() {
        assert!(listed == found(store, &listed.id).await, "{}: whole records", listed.id);
    }
}

async fn a_session_is_touched_and_never_goes_back(store: &impl SessionStore) {
    store.begin(session("s"), token(1)).await.unwrap();
    store.begin(session("bystander"), token(2)).await.unwrap();
    let device = session("s").client.device;
    let mut expected = SessionRecord {
        client: ClientLabel { device: device.clone(), ..label("second") },
        last_used_at: at(1_500),
        idle_expires_at: at(2_500),
        ..session("s")
    };
    assert!(touched(store, "s", "second", 1_500, 2_500).await);
    assert!(found(store, "s").await == expected, "the device keeps its name");

    assert!(touched(store, "s", "third", 1_400, 2_600).await);
    expected.client = ClientLabel { device, ..label("third") };
    expected.idle_expires_at = at(2_600);
    assert!(found(store, "s").await == expected, "the time of use went back");
    assert!(touched(store, "s", "third", 1_600, 2_400).await);
    expected.last_used_at = at(1_600);
    assert!(found(store, "s").await == expected, "the expiry went back");

    assert!(store.end("s", "user", ending(1_700, EndReason::SignedOut)).await.unwrap());
    assert!(!touched(store, "s", "fourth", 1_800, 2_800).await, "an ended session is not in use");
    store.begin(cookie_session("t"), cookie(9)).await.unwrap();
    let idle_end = found(store, "t").await.idle_expires_at.as_seconds();
    assert!(!touched(store, "t", "fifth", idle_end, idle_end + 100).await, "an expired session cannot be touched");
    assert!(found(store, "t").await == cookie_session("t"));
    assert!(found(store, "s").await == ended(expected, 1_700, EndReason::SignedOut));
    assert!(found(store, "bystander").await == session("bystander"));
}

async fn a_cookie_is_replaced_only_where_it_is_still_the_old_one(store: &impl SessionStore) {
    let by_cookie = async |number| store.find_by_cookie(&hash(number)).await.unwrap();
    store.begin(cookie_session("s"), cookie(1)).await.unwrap();
    store.begin(cookie_session("bystander"), cookie(8)).await.unwrap();
    store.begin(session("bearer"), token(9)).await.unwrap();

    assert!(store.reauthenticated("s", None, at(1_100)).await.unwrap());
    assert!(by_cookie(1).await == Some(SessionRecord { auth_time: at(1_100), ..cookie_session("s") }));
    assert!(store.reauthenticated("s", Some(swap(1, 2)), at(1_200)).await.unwrap());
    let expected = SessionRecord { auth_time: at(1_200), ..cookie_session("s") };
    assert!(by_cookie(1).await.is_none(), "the old cookie does not work");
    assert!(by_cookie(2).await.as_ref() == Some(&expected));

    for (id, swap) in [("s", swap(1, 3)), ("s", swap(8, 3)), ("s", swap(7, 3)), ("bearer", swap(9, 3))] {
        assert!(!store.reauthenticated(id, Some(swap), at(1_300)).await.unwrap(), "{id}");
        assert!(by_cookie(3).await.is_none(), "{id}");
    }
    assert!(found(store, "s").await == expected, "who lost has proved nothing");
    assert!(found(store, "bearer").await == session("bearer"));
    assert!(store.reauthenticated("bearer", None, at(1_300)).await.unwrap());

    assert!(store.end("s", "user", ending(1_400, EndReason::SignedOut)).await.unwrap());
    assert!(!store.reauthenticated("s", None, at(1_500)).await.unwrap());
    assert!(!store.reauthenticated("s", Some(swap(2, 4)), at(1_500)).await.unwrap());
    assert!(by_cookie(4).await.is_none());
    assert!(by_cookie(2).await == Some(ended(expected, 1_400, EndReason::SignedOut)), "found, and ended");
    assert!(by_cookie(8).await == Some(cookie_session("bystander")));
}

async fn a_cookie_is_not_replaced_by_another_sessions(store: &impl SessionStore) {
    store.begin(cookie_session("s"), cookie(1)).await.unwrap();
    store.begin(cookie_session("t"), cookie(2)).await.unwrap();
    let swapped = store.reauthenticated("s", Some(swap(1, 2)), at(1_200)).await;
    assert!(!matches!(swapped, Ok(true)), "two sessions cannot have one cookie");
    assert!(store.find_by_cookie(&hash(1)).await.unwrap() == Some(cookie_session("s")));
    assert!(store.find_by_cookie(&hash(2)).await.unwrap() == Some(cookie_session("t")));
}

pub(super) fn cookie_session(id: &str) -> SessionRecord {
    SessionRecord { kind: SessionKind::Cookie, ..session(id) }
}

pub(super) fn swap(old: u8, new: u8) -> CookieSwap {
    CookieSwap { old: hash(old), new: hash(new) }
}

/// Touches a session as the client with this name, and returns whether the store accepted it.
pub(super) async fn touched(store: &impl SessionStore, id: &str, client: &str, now: i64, idle_expires_at: i64) -> bool {
    let client = label(client);
    store.touch(Touch { id, client: &client, now: at(now), idle_expires_at: at(idle_expires_at) }).await.unwrap()
}
