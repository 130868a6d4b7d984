use core::{
    future::Future,
    num::NonZeroU16,
    pin::pin,
    task::{Context, Poll, Waker},
};
use std::sync::Arc;

use tokio::task::JoinSet;

use super::{secret, weak};
use crate::{
    password::{Ceilings, Cost, HashingError, MAX_PASSWORD_BYTES, PasswordError, Passwords, StoredHashError, Verified},
    secret::{SystemEntropy, doubles::NoEntropy},
};

fn owasp() -> Passwords {
    Passwords::builder(Arc::new(SystemEntropy::new())).build()
}

async fn refused(stored: &str) -> StoredHashError {
    match weak().verify(&secret("password"), stored).await {
        Err(PasswordError::Unreadable(unreadable)) => unreadable,
        other => panic!("{stored}: {other:?}"),
    }
}

#[tokio::test]
async fn a_new_hash_is_a_phc_string_of_the_configured_cost_with_its_own_salt() {
    let (first, second) = (owasp().hash(&secret("password")).await, owasp().hash(&secret("password")).await);
    let (first, second) = (first.unwrap(), second.unwrap());
    assert!(first.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{first}");
    // 16 bytes of salt and 32 of tag.
    assert_eq!(first.split('$').map(str::len).collect::<Vec<_>>(), [0, 8, 4, 15, 22, 43]);
    assert_ne!(first, second);
    assert_eq!(owasp().verify(&secret("password"), &first).await.unwrap(), Verified::Match { upgrade: false });
    assert_eq!(owasp().verify(&secret("Password"), &first).await.unwrap(), Verified::Mismatch);
}

#[tokio::test]
async fn weaker_and_older_hashes_are_to_be_upgraded() {
    let weak_hash = weak().hash(&secret("password")).await.unwrap();
    let interop = [
        // Hashes of other systems, each of another scheme, all of the password "password".
        "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA",
        "$argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ",
        // Strong enough except for its salt of 8 bytes.
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        &weak_hash,
    ];
    for stored in interop {
        let verified = owasp().verify(&secret("password"), stored).await.unwrap();
        assert_eq!(verified, Verified::Match { upgrade: true }, "{stored}");
    }
    let verified = weak().verify(&secret("password"), &weak_hash).await.unwrap();
    assert_eq!(verified, Verified::Match { upgrade: false });
}

#[tokio::test]
async fn a_hash_stronger_than_configured_stays() {
    let strong = Passwords::builder(Arc::new(SystemEntropy::new())).cost(Cost::new(20_000, 3, 2).unwrap()).build();
    let stored = strong.hash(&secret("password")).await.unwrap();
    assert_eq!(owasp().verify(&secret("password"), &stored).await.unwrap(), Verified::Match { upgrade: false });
}

#[tokio::test]
async fn too_long_a_password_is_refused_by_every_call() {
    let (longest, longer) = ("é".repeat(MAX_PASSWORD_BYTES / 2), "é".repeat(MAX_PASSWORD_BYTES / 2) + "x");
    let stored = weak().hash(&secret(&longest)).await.unwrap();
    assert_eq!(weak().verify(&secret(&longest), &stored).await.unwrap(), Verified::Match { upgrade: false });
    assert!(matches!(weak().hash(&secret(&longer)).await, Err(PasswordError::TooLong)));
    assert!(matches!(weak().verify(&secret(&longer), &stored).await, Err(PasswordError::TooLong)));
    assert!(matches!(weak().verify_absent(&secret(&longer)).await, Err(PasswordError::TooLong)));
}

#[tokio::test]
async fn an_account_that_is_absent_or_has_no_password_never_matches() {
    for password in ["", "password", "!"] {
        assert_eq!(weak().verify_absent(&secret(password)).await.unwrap(), Verified::Mismatch);
        assert_eq!(weak().verify(&secret(password), "!").await.unwrap(), Verified::Mismatch);
        assert_eq!(weak().verify(&secret(password), "!password").await.unwrap(), Verified::Mismatch);
    }
}

#[tokio::test]
async fn hashes_that_cost_too_much_are_refused() {
    for stored in [
        "$argon2id$v=19$m=262145,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=65536,t=17,p=1$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=65536,t=1,p=65$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$2b$16$HsQePuC8hN9ImNUNrTLSdOQPqzOl5Mny2IdF8Zlx7O87k2nDRtLpq",
        "$pbkdf2-sha256$4000001$c2FsdA$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaY",
        "pbkdf2_sha256$4000001$salt$NxeZHAj5MT11eWhfNAbq0p/7KYuAI5t4pm03eXMmxio=",
        "$scrypt$ln=19,r=8,p=1$c2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$scrypt$ln=17,r=8,p=9$c2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$scrypt$ln=1,r=1,p=1000000$c2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$scrypt$ln=63,r=8,p=1$c2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$scrypt$ln=64,r=8,p=1$c2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
    ] {
        assert_eq!(refused(stored).await, StoredHashError::TooCostly, "{stored}");
    }
}

#[tokio::test]
async fn a_ceiling_never_shuts_out_the_configured_cost() {
    let ceilings = Ceilings { memory_kib: 8, work_kib: 8, ..Ceilings::default() };
    let passwords = Passwords::builder(Arc::new(SystemEntropy::new()));
    let passwords = passwords.ceilings(ceilings).cost(Cost::weak_for_testing()).build();
    let stored = passwords.hash(&secret("password")).await.unwrap();
    assert_eq!(passwords.verify(&secret("password"), &stored).await.unwrap(), Verified::Match { upgrade: false });
}

#[tokio::test]
async fn without_randomness_nothing_is_hashed_and_everything_is_verified() {
    let passwords = Passwords::builder(Arc::new(NoEntropy)).cost(Cost::weak_for_testing()).build();
    let failed = passwords.hash(&secret("password")).await;
    assert!(matches!(failed, Err(PasswordError::Unavailable(HashingError::Randomness(_)))));
    let verified = passwords.verify(&secret("password"), &weak().hash(&secret("password")).await.unwrap()).await;
    assert_eq!(verified.unwrap(), Verified::Match { upgrade: false });
}

/// Refuses without a runtime, where no hash can run. So a refusal takes no worker and no place in the queue.
#[test]
fn refusals_take_no_worker() {
    let (passwords, password, long) = (weak(), secret("password"), secret(&"x".repeat(MAX_PASSWORD_BYTES + 1)));
    let unreadable = poll_once(passwords.verify(&password, "md5$salt$7edbba0a0a0a0a0a0a0a0a0a0a0a0a0a"));
    assert!(matches!(unreadable, Poll::Ready(Err(PasswordError::Unreadable(StoredHashError::Md5)))));
    assert!(matches!(poll_once(passwords.hash(&long)), Poll::Ready(Err(PasswordError::TooLong))));
    let needs_one = poll_once(passwords.verify_absent(&password));
    assert!(matches!(needs_one, Poll::Ready(Err(PasswordError::Unavailable(HashingError::Runtime)))));
}

fn poll_once<T>(future: impl Future<Output = T>) -> Poll<T> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_beyond_the_queue_are_busy_and_the_rest_is_hashed() {
    let passwords = Passwords::builder(Arc::new(SystemEntropy::new())).workers(NonZeroU16::MIN).queue(3);
    let passwords = passwords.build();
    let mut calls = JoinSet::new();
    for _ in 0..50 {
        let passwords = passwords.clone();
        calls.spawn(async move { passwords.hash(&secret("password")).await });
    }
    let (mut hashed, mut busy) = (0, 0);
    for ended in calls.join_all().await {
        match ended {
            Ok(_) => hashed += 1,
            Err(PasswordError::Busy { retry_after }) => busy += usize::from(retry_after.as_secs() >= 1),
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(hashed + busy, 50);
    assert!(hashed >= 4, "{hashed}");
}
