use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use auth_runtime::{
    clock::UnixTime,
    password::{Ceilings, Cost, PasswordVerifier, Passwords, StoredHashError, VerifierUnavailable},
    secret::SystemEntropy,
    store::{
        AccountKey, Admission, Attempt, AttemptLimits, AttemptStore, NewAccount, OneTimeRecord, OneTimeTokenStore,
        Purpose,
    },
    token::TokenHash,
};
use secrecy::ExposeSecret;
use serde_json::json;
use tokio::{sync::oneshot, time::sleep};

use super::{
    answers::Answer,
    failing::{Answered, Flaky},
    failures::few,
    mailbox::Mailbox,
    world::{PASSWORD, World, defaults, events},
};

impl AttemptStore for Flaky {
    fn admit_attempt<'a>(
        &'a self,
        attempt: &'a Attempt,
        limits: &'a AttemptLimits,
        now: UnixTime,
    ) -> Answered<'a, Admission> {
        self.call(self.inner.admit_attempt(attempt, limits, now))
    }

    fn is_known_client<'a>(&'a self, attempt: &'a Attempt, now: UnixTime) -> Answered<'a, bool> {
        self.call(self.inner.is_known_client(attempt, now))
    }

    fn attempt_succeeded<'a>(
        &'a self,
        attempt: &'a Attempt,
        limits: &'a AttemptLimits,
        now: UnixTime,
    ) -> Answered<'a, ()> {
        self.call(self.inner.attempt_succeeded(attempt, limits, now))
    }

    fn withdraw_attempt<'a>(&'a self, attempt: &'a Attempt, now: UnixTime) -> Answered<'a, ()> {
        self.call(self.inner.withdraw_attempt(attempt, now))
    }

    fn clear_attempts<'a>(&'a self, account: &'a AccountKey) -> Answered<'a, ()> {
        self.call(self.inner.clear_attempts(account))
    }

    fn locked_until<'a>(
        &'a self,
        accounts: &'a [AccountKey],
        limits: &'a AttemptLimits,
        now: UnixTime,
    ) -> Answered<'a, Vec<Option<UnixTime>>> {
        self.call(self.inner.locked_until(accounts, limits, now))
    }

    fn forget<'a>(&'a self, account: &'a AccountKey) -> Answered<'a, ()> {
        self.call(self.inner.forget(account))
    }

    fn remove_expired_attempts(&self, now: UnixTime, limit: u32) -> Answered<'_, u64> {
        self.call(self.inner.remove_expired_attempts(now, limit))
    }
}

impl OneTimeTokenStore for Flaky {
    fn issue_one_time(&self, record: OneTimeRecord) -> Answered<'_, ()> {
        self.call(self.inner.issue_one_time(record))
    }

    fn find_one_time<'a>(
        &'a self,
        hash: &'a TokenHash,
        purpose: Purpose,
        now: UnixTime,
    ) -> Answered<'a, Option<OneTimeRecord>> {
        self.call(self.inner.find_one_time(hash, purpose, now))
    }

    fn redeem_one_time<'a>(
        &'a self,
        hash: &'a TokenHash,
        purpose: Purpose,
        now: UnixTime,
    ) -> Answered<'a, Option<OneTimeRecord>> {
        self.call(self.inner.redeem_one_time(hash, purpose, now))
    }

    fn void_one_time<'a>(&'a self, user_id: &'a str, purpose: Purpose) -> Answered<'a, bool> {
        self.call(self.inner.void_one_time(user_id, purpose))
    }

    fn void_all_one_time<'a>(&'a self, user_id: &'a str) -> Answered<'a, u64> {
        self.call(self.inner.void_all_one_time(user_id))
    }

    fn remove_expired_one_time(&self, now: UnixTime, limit: u32) -> Answered<'_, u64> {
        self.call(self.inner.remove_expired_one_time(now, limit))
    }
}

const NEW: &str = "another horse battery";

async fn hash(world: &World) -> String {
    world.account("alice").await.password_hash.expose_secret().to_owned()
}

#[tokio::test]
async fn an_unknown_user_takes_as_many_calls_of_the_store_as_a_wrong_password() {
    let (world, store) = Flaky::world();
    world.join("alice", &[]).await;
    let mut calls = Vec::new();
    for name in ["alice", "nobody", "alice", "nobody", "alice@example.org", "nobody@example.org"] {
        store.take_calls();
        world.login(name, "wrong").await.assert_problem(401, "invalid-credentials");
        calls.push(store.take_calls());
    }
    assert_eq!(calls, [3; 6]);
}

#[tokio::test]
async fn changing_a_password_without_the_store_is_503_and_changes_nothing() {
    let (world, store) = Flaky::world();
    world.join("alice", &[]).await;
    let call = fail_until_it_changes(&world, async |call| {
        let token = world.login("alice", PASSWORD).await.text("access_token");
        store.fail_at(call);
        let body = json!({ "current_password": PASSWORD, "new_password": NEW });
        world.json_as(&token, "/auth/password", &body).await
    })
    .await;
    // The calls: token not revoked, account found, attempt counted, counter reset, account found again, session still
    // live, links made void, sessions ended, change of address made void, hash replaced. Then sessions are ended once
    // more.
    assert_eq!(call, 10);
    assert!(!store.is_left_over(), "the last failure hit the second end of sessions");
    assert_eq!(world.login("alice", NEW).await.status, 200);
}

#[tokio::test]
async fn resetting_a_password_without_the_store_is_503_and_changes_nothing() {
    let (sender, mailbox) = Mailbox::new();
    let (world, store) = Flaky::world_with(|builder| defaults(builder).mail(sender));
    world.join("alice", &[]).await;
    mailbox.next("verify").await;
    let call = fail_until_it_changes(&world, async |call| {
        world.json("/auth/password/forgot", &json!({ "email": "alice@example.org" })).await;
        let token = mailbox.next("reset").await.token;
        store.fail_at(call);
        let body = json!({ "token": token, "new_password": NEW });
        let answer = world.json("/auth/password/reset", &body).await;
        // The first four calls do not use the token up.
        if call < 4 {
            assert_eq!(
                world.json("/auth/password/reset", &json!({ "token": token, "new_password": "x" })).await.status,
                422
            );
        }
        answer
    })
    .await;
    // The calls: token and account found, lock-out ended, client known, token used up, account found, links made void,
    // sessions ended, change of address made void, keys revoked, hash replaced.
    assert_eq!(call, 11);
    assert!(!store.is_left_over(), "the last failure hit the second end of sessions");
    assert_eq!(world.login("alice", NEW).await.status, 200);
}

/// Makes each of the store's calls fail in turn until the password changes, and returns the number of that call. After
/// a 503, the old password must still be valid.
async fn fail_until_it_changes(world: &World, act: impl AsyncFn(usize) -> Answer) -> usize {
    for call in 0.. {
        world.clock.advance(Duration::from_secs(900));
        let before = hash(world).await;
        let answer = act(call).await;
        if answer.status == 204 {
            return call;
        }
        assert_eq!(answer.status, 503, "call {call}: {answer:?}");
        assert_eq!(hash(world).await, before, "call {call}");
    }
    unreachable!("the range has no end")
}

/// A thief signs in with the old password, after the sessions have ended and before the hash is replaced. Then the
/// store fails as often as the caller set. The change is answered as a success. Returns the thief's access token.
async fn change_past_a_thief(world: &Arc<World>, store: &Flaky) -> String {
    const REPLACED: usize = 9;
    let token = world.login("alice", PASSWORD).await.text("access_token");
    let (send, thief) = oneshot::channel();
    let (beside, failing) = (Arc::clone(world), store.clone());
    store.before(REPLACED, async move {
        send.send(beside.login("alice", PASSWORD).await.text("access_token")).unwrap();
        failing.fail_at(0);
    });
    let body = json!({ "current_password": PASSWORD, "new_password": NEW });
    assert_eq!(world.json_as(&token, "/auth/password", &body).await.status, 204);
    assert!(!store.is_left_over(), "sessions end a second time");
    assert_eq!(world.me(&token).await.status, 200, "the user's own session");
    let thief = thief.await.unwrap();
    assert_eq!(world.me(&thief).await.status, 200, "the answer does not wait");
    thief
}

#[tokio::test(start_paused = true)]
async fn a_session_that_the_old_password_began_ends_a_little_later_where_the_store_fails_once() {
    let (world, store) = Flaky::world();
    let (alice, world) = (world.join("alice", &[]).await, Arc::new(world));
    let thief = change_past_a_thief(&world, &store).await;
    sleep(Duration::from_millis(1500)).await;
    world.me(&thief).await.assert_problem(401, "invalid-token");
    assert_eq!(world.administration().sessions(&alice.id).await.unwrap().len(), 1, "one's own");
}

#[tokio::test(start_paused = true)]
async fn an_event_names_the_account_whose_sessions_were_not_ended_in_time() {
    let (world, store) = Flaky::world();
    let (alice, world) = (world.join("alice", &[]).await, Arc::new(world));
    let told =
        format!("sessions of the old password may go on: call `Administration::end_sessions` user.id=\"{}\"", alice.id);
    let thief = change_past_a_thief(&world, &store).await;
    for (seconds, pauses) in [(1.5, 1), (2.0, 2), (4.0, 3)] {
        assert!(!events().contains(&told), "{pauses}");
        store.fail_at(0);
        sleep(Duration::from_secs_f32(seconds)).await;
        assert!(!store.is_left_over(), "after pause {pauses}");
    }
    assert!(events().lines().any(|line| line.contains("ERROR") && line.contains(&told)), "{told}");
    assert_eq!(world.me(&thief).await.status, 200);
    sleep(Duration::from_secs(3600)).await;
    assert_eq!(world.me(&thief).await.status, 200, "the retries are limited");
}

#[tokio::test]
async fn verifying_an_address_without_the_store_is_503_and_costs_no_token() {
    let (sender, mailbox) = Mailbox::new();
    let (world, store) = Flaky::world_with(|builder| defaults(builder).mail(sender));
    for call in 0.. {
        let name = format!("alice{call}");
        world.join(&name, &[]).await;
        let body = json!({ "token": mailbox.next("verify").await.token });
        let is_verified = async || world.account(&name).await.email_verified_at.is_some();
        store.fail_at(call);
        let answer = world.json("/auth/email/verify", &body).await;
        assert!(!store.is_left_over(), "call {call}");
        if answer.status == 204 {
            assert_eq!(call, 3, "token and account found, address verified");
            assert!(is_verified().await);
            break;
        }
        answer.assert_problem(503, "unavailable");
        assert!(!is_verified().await, "call {call}");
        assert_eq!(world.json("/auth/email/verify", &body).await.status, 204, "the token is still good: call {call}");
        assert!(is_verified().await, "call {call}");
    }
}

#[tokio::test]
async fn asking_for_mail_without_the_store_is_answered_like_with_it() {
    let (sender, mailbox) = Mailbox::new();
    let (world, store) = Flaky::world_with(|builder| defaults(builder).mail(sender));
    world.join("alice", &[]).await;
    mailbox.next("verify").await;
    for call in 0..2 {
        store.fail_at(call);
        let answer = world.json("/auth/password/forgot", &json!({ "email": "alice@example.org" })).await;
        assert_eq!((answer.status, answer.body.as_str()), (202, ""));
        assert!(mailbox.is_empty().await);
        assert!(!store.is_left_over(), "the store was not asked");
    }
}

/// Recognises its hashes, and needs a service that answers from time to time.
#[derive(Clone, Default)]
struct KeyService(Arc<AtomicBool>);

impl PasswordVerifier for KeyService {
    fn recognises(&self, stored: &str, _: &Ceilings) -> Result<bool, StoredHashError> {
        Ok(stored.starts_with("sealed:"))
    }

    fn matches(&self, _: &str, password: &str) -> Result<bool, VerifierUnavailable> {
        if self.0.load(Ordering::SeqCst) {
            return Ok(password == PASSWORD);
        }
        Err(VerifierUnavailable::new("canary: the key service does not answer"))
    }
}

/// An outage of the verifier counts no attempt as wrong, neither at sign-in nor for the current password. The limit is
/// three.
#[tokio::test]
async fn an_outage_of_the_verifier_locks_no_user_out() {
    let service = KeyService::default();
    let world = World::in_memory(|builder| {
        let passwords = Passwords::builder(Arc::new(SystemEntropy::new())).cost(Cost::weak_for_testing());
        few(builder).passwords(passwords.verifier(Arc::new(service.clone())).build())
    });
    let alice = NewAccount::new("alice", "alice@example.org", "sealed:1".into());
    world.accounts.accounts().create(alice).await.unwrap();
    service.0.store(true, Ordering::SeqCst);
    let bearer = world.login("alice", PASSWORD).await.text("access_token");
    // The sign-in replaced the hash.
    let alice = world.accounts.accounts().find_by_login("alice").await.unwrap().unwrap();
    let accounts = world.accounts.accounts();
    assert!(accounts.set_password_hash(&alice.id, &alice.password_hash, &"sealed:1".into()).await.unwrap());
    service.0.store(false, Ordering::SeqCst);
    for _ in 0..5 {
        let proof = world.json_as(&bearer, "/auth/reauthenticate", &json!({ "password": PASSWORD })).await;
        for answer in [world.login("alice", PASSWORD).await, proof] {
            answer.assert_problem(503, "unavailable");
            assert!(!format!("{answer:?}").contains("canary"));
        }
    }
    // Logins that need no verifier are answered as always.
    world.join("bob", &[]).await;
    assert_eq!(world.login("bob", PASSWORD).await.status, 200);
    assert_eq!(world.login("nobody", PASSWORD).await.status, 401);
    service.0.store(true, Ordering::SeqCst);
    for _ in 0..2 {
        assert_eq!(world.login("alice", "wrong").await.status, 401);
    }
    service.0.store(false, Ordering::SeqCst);
    assert_eq!(world.login("alice", "wrong").await.status, 503);
    service.0.store(true, Ordering::SeqCst);
    assert_eq!(world.login("alice", "wrong").await.status, 401, "the third wrong one");
    assert_eq!(world.login("alice", PASSWORD).await.status, 429, "wrong passwords before and after the outage count");
}
