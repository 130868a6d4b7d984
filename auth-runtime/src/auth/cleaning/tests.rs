use super::*;
use crate::{
    auth::Auth,
    clock::{Clock, SystemClock},
    limit::AddressKey,
    secret::SystemEntropy,
    store::{
        Admission, ApiKeyRecord, Attempt, AttemptLimits, FirstCredential, MemoryStore, NewAccount, OneTimeRecord,
        Purpose, SessionKind, SessionRecord,
    },
    token::{KeyRing, SigningKey, TokenHash},
};

fn clean(accounts: &Accounts) -> Auth {
    let key = SigningKey::from_secret(&"only-for-tests:Zq9-TfBv4_mXs1KwEr6JgHu3LdPy8NcA".into()).unwrap();
    let keys = KeyRing::builder().sign_with(key).build().unwrap();
    let auth = Auth::builder().keys(keys).issuer("i").audience("a").accounts(accounts).build().unwrap();
    auth.keep_clean();
    auth.keep_clean();
    auth
}

async fn old_session(store: &Accounts, number: u32, over_at: UnixTime) {
    let session = SessionRecord::new(number.to_string(), "user", "", SessionKind::Cookie, over_at);
    let mut hash = [0; 32];
    hash[..4].copy_from_slice(&number.to_be_bytes());
    let cookie = FirstCredential::cookie(TokenHash::from_bytes(hash));
    store.sessions().begin(session, cookie).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn expired_records_are_removed_within_a_minute() {
    let accounts = Accounts::new(MemoryStore::new(Arc::new(SystemClock::new()), Arc::new(SystemEntropy::new())));
    let now = SystemClock::new().unix();
    for number in 0..1_200 {
        old_session(&accounts, number, now.plus_seconds(-1)).await;
    }
    old_session(&accounts, 9_999, now.plus_seconds(3_600)).await;
    let _auth = clean(&accounts);
    sleep(PAUSE + Duration::from_secs(1)).await;
    for number in 0..1_200 {
        assert!(accounts.sessions().find_session(&number.to_string()).await.unwrap().is_none(), "{number}");
    }
    assert!(accounts.sessions().find_session("9999").await.unwrap().is_some());
}

fn key(id: &str, ended_at: UnixTime) -> ApiKeyRecord {
    let hash = TokenHash::from_bytes([id.len().try_into().unwrap(); 32]);
    ApiKeyRecord::new(id, "user", hash, ended_at, Some(ended_at))
}

#[tokio::test(start_paused = true)]
async fn every_kind_is_removed_and_an_api_key_a_month_after_its_end() {
    const DAY: i64 = 24 * 60 * 60;
    let accounts = Accounts::new(MemoryStore::new(Arc::new(SystemClock::new()), Arc::new(SystemEntropy::new())));
    let now = SystemClock::new().unix();
    for (id, days) in [("a", 29), ("bc", 31)] {
        accounts.api_keys().create_key(key(id, now.plus_seconds(-days * DAY)), 9).await.unwrap();
    }
    let attempt = Attempt::on_account("user", AddressKey::V4(1));
    let long_ago = now.plus_seconds(-2 * DAY);
    let limits = AttemptLimits { max_failures: 1, ..AttemptLimits::default() };
    let admitted = accounts.attempts().admit_attempt(&attempt, &limits, long_ago).await.unwrap();
    assert_eq!(admitted, Admission::Admitted);
    let (hash, purpose) = (TokenHash::from_bytes([1; 32]), Purpose::PasswordReset);
    let token = OneTimeRecord::new(hash, purpose, "user", "", now.plus_seconds(-1));
    accounts.one_time_tokens().issue_one_time(token).await.unwrap();
    for (username, seconds) in [("over", -1), ("invited", 3_600)] {
        let mut new = NewAccount::new(username, format!("{username}@example.org"), "".into());
        new.pending_until = Some(now.plus_seconds(seconds));
        accounts.accounts().create(new).await.unwrap();
    }
    let _auth = clean(&accounts);
    sleep(PAUSE + Duration::from_secs(1)).await;
    assert!(accounts.accounts().find_by_login("over").await.unwrap().is_none());
    assert!(accounts.accounts().find_by_login("invited").await.unwrap().is_some(), "it can still be opened");
    let kept = accounts.api_keys().list_keys("user").await.unwrap();
    assert_eq!(kept.iter().map(|key| key.id.as_str()).collect::<Vec<_>>(), ["a"]);
    let still = accounts.one_time_tokens().find_one_time(&hash, purpose, long_ago).await.unwrap();
    assert!(still.is_none(), "it was valid at that time");
    let admitted = accounts.attempts().admit_attempt(&attempt, &limits, long_ago).await.unwrap();
    assert_eq!(admitted, Admission::Admitted, "it would have been refused at that time");
}
