//! Text that breaks out of statements, ends strings early, or is merely long.
//!
//! A store need not be able to keep all of it (some databases know no NUL in text), but it must refuse what it cannot
//! keep, and may confuse nothing.

use super::{
    accounts::{assert_same, hash, new},
    tokens::{at, claim, token},
};
use crate::store::{AccountStore, Claim, CreateError, InsertError, RefreshRecord, RefreshStore};

pub(super) async fn accounts(store: &impl AccountStore) {
    let bystander = store.create(new("bystander", "bystander@example.org")).await.unwrap();
    for text in texts() {
        account(store, &text).await;
    }
    assert_same(&bystander, &store.find(&bystander.id).await.unwrap().unwrap());
}

async fn account(store: &impl AccountStore, text: &str) {
    let shown: String = text.chars().take(40).collect();
    // A failure is an answer here; somebody else's account is not.
    assert!(!matches!(store.find(text).await, Ok(Some(_))), "{shown:?} is no identifier");
    assert!(!matches!(store.set_active(text, false).await, Ok(true)), "{shown:?} is no identifier");
    assert!(!matches!(store.find_by_login(text).await, Ok(Some(_))), "{shown:?} is no login yet");

    let mut new = new(text, &format!("{text}@example.org"));
    new.roles = vec![text.to_owned()];
    new.scopes = vec![text.to_owned(), String::new()];
    new.password_hash = hash(text);
    match store.create(new).await {
        Ok(created) => {
            assert_eq!((&*created.username, &*created.roles[0]), (text, text), "{shown:?}");
            assert_same(&created, &store.find(&created.id).await.unwrap().unwrap());
            assert_same(&created, &store.find_by_login(text).await.unwrap().unwrap());
        }
        Err(CreateError::Store(_)) => {
            assert!(!matches!(store.find_by_login(text).await, Ok(Some(_))), "{shown:?} was refused, yet stored");
        }
        Err(taken) => panic!("{shown:?} was taken for another name: {taken}"),
    }
}

pub(super) async fn refresh_tokens(store: &impl RefreshStore) {
    let bystander = RefreshRecord { session_id: "bystander".to_owned(), ..token(255) };
    store.insert(bystander.clone()).await.unwrap();
    for (number, text) in (1..).zip(texts()) {
        refresh_token(store, number, text).await;
    }
    assert_eq!(claim(store, &bystander, 1_500).await, Claim::Won(bystander));
}

async fn refresh_token(store: &impl RefreshStore, number: u8, text: String) {
    let hostile = RefreshRecord {
        session_id: text.clone(),
        user_id: text.clone(),
        client_id: text.clone(),
        scope: text.clone(),
        ..token(number)
    };
    match store.insert(hostile.clone()).await {
        Ok(()) => {
            assert_eq!(claim(store, &hostile, 1_500).await, Claim::Won(hostile.clone()));
            assert_eq!(store.revoke_session(&text, at(1_500)).await.unwrap(), 1, "exactly its own session");
            assert_eq!(claim(store, &hostile, 1_500).await, Claim::Revoked(hostile));
        }
        Err(InsertError::Store(_)) => assert_eq!(claim(store, &hostile, 1_500).await, Claim::Unknown),
        Err(revoked) => panic!("token {number}: {revoked}"),
    }
}

pub(super) fn texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "' OR '1'='1",
        "' OR 1=1 --",
        "'; DROP TABLE auth_accounts; --",
        "\"; DELETE FROM auth_refresh_tokens; --",
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
    texts.push("'\0😀Å".repeat(1 << 17));
    texts
}
