use super::*;
use crate::{
    auth::Auth,
    clock::{Clock, SystemClock},
    secret::SystemEntropy,
    store::{
        Admission, ApiKeyRecord, Attempt, AttemptLimits, ClientLabel, FirstCredential, MemoryStore, OneTimeRecord,
        Purpose, SessionKind, SessionRecord,
    },
    token::{KeyRing, SigningKey},
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
    let session = SessionRecord {
        id: number.to_string(),
        user_id: "user".to_owned(),
        client_id: String::new(),
        scope: String::new(),
        kind: SessionKind::Cookie,
        client: ClientLabel::default(),
        created_at: over_at,
        last_used_at: over_at,
        auth_time: over_at,
        idle_expires_at: over_at,
        absolute_expires_at: over_at,
        generation: 0,
        ended: None,
    };
    let mut hash = [0; 32];
    hash[..4].copy_from_slice(&number.to_be_bytes());
    store.sessions().begin(session, FirstCredential::Cookie { hash }).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_has_expired_is_removed_within_a_minute() {
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
    ApiKeyRecord {
        id: id.to_owned(),
        user_id: "user".to_owned(),
        name: String::new(),
        hash: [id.len().try_into().unwrap(); 32],
        display: String::new(),
        scopes: Vec::new(),
        limit: None,
        created_at: ended_at,
        expires_at: Some(ended_at),
        last_used_at: None,
        revoked_at: None,
        replaced_by: None,
    }
}

#[tokio::test(start_paused = true)]
async fn every_kind_is_removed_and_an_api_key_a_month_after_its_end() {
    const DAY: i64 = 24 * 60 * 60;
    let accounts = Accounts::new(MemoryStore::new(Arc::new(SystemClock::new()), Arc::new(SystemEntropy::new())));
    let now = SystemClock::new().unix();
    for (id, days) in [("a", 29), ("bc", 31)] {
        accounts.api_keys().create_key(key(id, now.plus_seconds(-days * DAY)), 9).await.unwrap();
    }
    let (attempt, long_ago) = (Attempt { account: [1; 32], client: [1; 32] }, now.plus_seconds(-2 * DAY));
    let limits = AttemptLimits { most: 1, ..AttemptLimits::default() };
    let admitted = accounts.attempts().admit_attempt(&attempt, &limits, long_ago).await.unwrap();
    assert_eq!(admitted, Admission::Admitted);
    let (hash, purpose) = ([1; 32], Purpose::PasswordReset);
    let (account_id, email) = ("user".to_owned(), String::new());
    let token = OneTimeRecord { hash, purpose, account_id, email, expires_at: now.plus_seconds(-1) };
    accounts.one_time_tokens().issue_one_time(token).await.unwrap();
    let _auth = clean(&accounts);
    sleep(PAUSE + Duration::from_secs(1)).await;
    let kept = accounts.api_keys().list_keys("user").await.unwrap();
    assert_eq!(kept.iter().map(|key| key.id.as_str()).collect::<Vec<_>>(), ["a"]);
    let still = accounts.one_time_tokens().find_one_time(&hash, purpose, long_ago).await.unwrap();
    assert!(still.is_none(), "it was valid at that time");
    let admitted = accounts.attempts().admit_attempt(&attempt, &limits, long_ago).await.unwrap();
    assert_eq!(admitted, Admission::Admitted, "it would have been refused at that time");
}
