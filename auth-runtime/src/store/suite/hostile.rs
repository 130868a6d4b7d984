//! Texts that would break out of statements, end strings early, or are merely long.
//!
//! A store need not be able to keep all of them: some databases cannot store NUL in text. But it must refuse a text
//! that it cannot keep, and must never confuse two records. A look-up with a hostile text finds nothing and does not
//! fail: clients choose the texts, and a failure would be an event for the operator.

use super::{
    accounts::{assert_same, hash, new},
    samples::{GENERATION, Presented, assert_untouched, at, begin, continued, ending, found, present, session, token},
};
use crate::store::{
    Account, AccountChange, AccountOpening, AccountQuery, AccountStore, ClientLabel, CreateError, EndReason, Reissued,
    RevokedTarget, Rotated, SessionRecord, SessionStore, login_key,
};

pub(super) async fn accounts(store: &impl AccountStore) {
    let bystander = store.create(new("bystander", "bystander@example.org")).await.unwrap();
    for text in texts() {
        account(store, &text).await;
    }
    assert_same(&bystander, &store.find(&bystander.id).await.unwrap().unwrap());
}

async fn account(store: &impl AccountStore, text: &str) {
    let shown: String = text.chars().take(40).collect();
    assert!(matches!(store.find(text).await, Ok(None)), "{shown:?} is no identifier");
    assert!(matches!(store.set_active(text, false).await, Ok(AccountChange::Unknown)), "{shown:?} is no identifier");
    assert!(matches!(store.find_by_login(text).await, Ok(None)), "{shown:?} is no login yet");
    is_no_identifier(store, text, &shown).await;

    let mut new = new(text, &format!("{text}@example.org"));
    new.roles = vec![text.to_owned()];
    new.scopes = vec![text.to_owned(), String::new()];
    new.password_hash = hash(text);
    match store.create(new).await {
        Ok(created) => {
            assert_eq!((&*created.username, &*created.roles[0]), (text, text), "{shown:?}");
            assert_same(&created, &store.find(&created.id).await.unwrap().unwrap());
            assert_same(&created, &store.find_by_login(text).await.unwrap().unwrap());
            change(store, &created, text, &shown).await;
        }
        Err(CreateError::Store(_)) => {
            assert!(!matches!(store.find_by_login(text).await, Ok(Some(_))), "{shown:?} was refused, yet stored");
        }
        Err(taken) => panic!("{shown:?} was taken for another name: {taken}"),
    }
}

async fn is_no_identifier(store: &impl AccountStore, text: &str, shown: &str) {
    let opened = store.open(text, AccountOpening::new(), at(0)).await;
    assert!(matches!(opened, Ok(None)), "{shown:?} is no identifier");
    assert!(matches!(store.cancel_pending(text).await, Ok(false)), "{shown:?} is no identifier");
    for superuser in [true, false] {
        let changed = store.set_superuser(text, superuser).await;
        assert!(matches!(changed, Ok(AccountChange::Unknown)), "{shown:?} is no identifier");
    }
    assert!(matches!(store.delete(text).await, Ok(AccountChange::Unknown)), "{shown:?} is no identifier");
    assert!(matches!(store.set_username(text, "free").await, Ok(false)), "{shown:?} is no identifier");
    let moved = store.set_email(text, "bystander@example.org", "free", None).await;
    assert!(matches!(moved, Ok(false)), "{shown:?} is no identifier");
    is_looked_for_as_it_is(store, text, shown).await;
}

/// Asserts that a list with this text, in each of its places, has the accounts that it should have.
async fn is_looked_for_as_it_is(store: &impl AccountStore, text: &str, shown: &str) {
    let all = store.list_accounts(&AccountQuery::new(100)).await.unwrap();
    let key = login_key(text);
    let mut queries = [AccountQuery::new(100), AccountQuery::new(100), AccountQuery::new(100)];
    queries[0].search = Some(text.to_owned());
    queries[1].after = Some(text.to_owned());
    queries[2].role = Some(text.to_owned());
    for (place, query) in queries.iter().enumerate() {
        let is_expected = |account: &&Account| match place {
            0 => [&account.username, &account.email].into_iter().any(|name| login_key(name).contains(&key)),
            1 => account.id.as_str() > text,
            _ => account.roles.iter().any(|role| role == text),
        };
        let expected: Vec<_> = all.iter().filter(is_expected).map(|account| &*account.id).collect();
        let found = store.list_accounts(query).await.unwrap();
        let found: Vec<_> = found.iter().map(|account| &*account.id).collect();
        assert_eq!(found, expected, "{shown:?} in place {place}");
    }
}

/// Asserts that an account with this text as its name gets other hostile names, and goes.
async fn change(store: &impl AccountStore, account: &Account, text: &str, shown: &str) {
    is_looked_for_as_it_is(store, text, shown).await;
    let (username, email) = (format!("{text}!"), format!("{text}@example.com"));
    assert!(store.set_username(&account.id, &username).await.unwrap(), "{shown:?}");
    assert!(store.set_email(&account.id, &account.email, &email, None).await.unwrap(), "{shown:?}");
    for login in [&username, &email] {
        let found = store.find_by_login(login).await.unwrap().unwrap();
        assert_eq!((&found.username, &found.email), (&username, &email), "{shown:?}");
    }
    let taken = store.create(new(text, "free@example.org")).await;
    assert!(matches!(taken, Err(CreateError::UsernameTaken)), "{shown:?} is retired");
    if text.len() > 1_000 {
        assert_eq!(store.delete(&account.id).await.unwrap(), AccountChange::Done, "{shown:?}");
    }
}

pub(super) async fn sessions(store: &impl SessionStore) {
    begin(store).await;
    for (number, text) in (2..).zip(texts()) {
        session_of(store, number, text).await;
    }
    assert!(found(store, "s").await == session("s"));
    assert_untouched(store).await;
}

async fn session_of(store: &impl SessionStore, number: u8, text: String) {
    let shown: String = text.chars().take(40).collect();
    assert!(matches!(store.find_session(&text).await, Ok(None)), "{shown:?} is no identifier");
    let ended = store.end(&text, "user", ending(1_500, EndReason::SignedOut)).await;
    assert!(matches!(ended, Ok(false)), "{shown:?} is no identifier");
    let ended = store.end_all(&text, None, ending(1_500, EndReason::SignedOut)).await;
    assert!(ended.is_ok_and(|ids| ids.is_empty()), "{shown:?} is no user");
    let removed = store.remove_all(&text, ending(1_500, EndReason::Deleted)).await;
    assert!(removed.is_ok_and(|ids| ids.is_empty()), "{shown:?} is no user");

    let hostile = SessionRecord {
        id: text.clone(),
        user_id: text.clone(),
        client_id: text.clone(),
        scope: text.clone(),
        client: ClientLabel { user_agent: text.clone(), address: text.clone(), device: text.clone() },
        ..session("")
    };
    let presented = Presented { client_id: text.clone(), ..present(number, number + 100, 1_500) };
    match store.begin(hostile.clone(), token(number)).await {
        Ok(()) => {
            assert!(found(store, &text).await == hostile, "{shown:?}");
            assert!(store.list(&text, at(1_500)).await.unwrap() == [hostile.clone()], "{shown:?}");
            assert_eq!(presented.to(store).await, Rotated::Won(continued(hostile, 1_500)), "{shown:?}");
            revocable(store, &text, &shown).await;
        }
        Err(_) => assert_eq!(presented.to(store).await, Rotated::Unknown, "{shown:?} was refused, yet stored"),
    }
}

/// Asserts that a session and a token with this name are revoked, and no others.
async fn revocable(store: &impl SessionStore, text: &str, shown: &str) {
    let last = store.revocations(0).await.unwrap().last().map_or(0, |revocation| revocation.position);
    store.revoke_token(text, at(9_000)).await.unwrap();
    let reissued = store.reissue(text, at(9_000)).await.unwrap();
    assert_eq!(reissued, [Reissued { session_id: text.to_owned(), generation: GENERATION + 1 }], "{shown:?}");
    let ended = store.end_all(text, Some("s"), ending(1_500, EndReason::SignedOut)).await.unwrap();
    assert_eq!(ended, [text], "{shown:?}");
    let targets: Vec<_> = store.revocations(last).await.unwrap().into_iter().map(|added| added.target).collect();
    let (token, session) = (RevokedTarget::Token(text.to_owned()), RevokedTarget::Session(text.to_owned()));
    assert!(targets == [token, session.clone(), session], "{shown:?}");
    let removed = store.remove_all(text, ending(1_500, EndReason::Deleted)).await.unwrap();
    assert!(removed.is_empty() && store.find_session(text).await.unwrap().is_none(), "{shown:?}");
}

pub(super) fn texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "' OR '1'='1",
        "' OR 1=1 --",
        "'; DROP TABLE auth_accounts; --",
        "\"; DELETE FROM auth_sessions; --",
        "') UNION SELECT * FROM auth_accounts --",
        "bystander' --",
        "bystander\0",
        "bystander\0' --",
        "\0",
        "%",
        "_",
        "byst%",
        "bystander*",
        "?1",
        ":id",
        "$1",
        "\\",
        "\\'",
        "\r\n\t",
        " bystander",
        "bystander ",
        "NULL",
        "[\"admin\"]",
        "😀👩‍👩‍👧‍👦",
        "\u{202e}rednatsyb",
        "\u{feff}bystander",
        "bystander\u{200b}",
        "\u{fffd}\u{10ffff}",
    ]
    .map(str::to_owned)
    .to_vec();
    texts.push("x".repeat(1 << 20));
    texts.push("'\0😀Å".repeat(1 << 13));
    texts
}
