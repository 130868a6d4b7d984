//! A client hangs up, and its handler is dropped while it waits for the store. Work that has begun is still completed.

use std::{pin::Pin, time::Duration};

use auth_runtime::{
    account::Administration,
    store::{AccountChange, AccountStore},
};
use serde_json::json;
use tokio::{sync::oneshot, time::timeout};

use super::{
    failing::Flaky,
    mailbox::Mailbox,
    world::{PASSWORD, World, defaults},
};

const NEW: &str = "another horse battery";

/// A call of the store that waits until the test releases it.
pub(super) struct Held {
    reached: oneshot::Receiver<()>,
    let_go: oneshot::Sender<()>,
    over: oneshot::Receiver<()>,
}

impl Held {
    /// Holds the call that comes after this many.
    pub(super) fn at(store: &Flaky, call: usize) -> Self {
        let ((reach, reached), (let_go, wait), (end, over)) =
            (oneshot::channel(), oneshot::channel::<()>(), oneshot::channel::<()>());
        store.before(call, async move {
            reach.send(()).unwrap();
            let _ = wait.await;
            end
        });
        Self { reached, let_go, over }
    }

    /// Runs the work until it reaches the call.
    async fn reach<T>(&mut self, work: Pin<&mut impl Future<Output = T>>) {
        tokio::select! {
            biased;
            _ = work => panic!("the call is not reached"),
            reached = &mut self.reached => reached.unwrap(),
        }
    }

    /// Releases the call, and returns when it is over: answered, or dropped by its caller.
    pub(super) async fn let_go(self) {
        let _ = self.let_go.send(());
        assert!(self.over.await.is_err(), "the channel closes without a message");
    }
}

#[tokio::test]
async fn changes_by_an_administrator_reach_signed_in_users() {
    administer(3, async |administration, id| administration.set_roles(id, ["reader"]).await).await;
    administer(3, async |administration, id| administration.set_scopes(id, [""; 0]).await).await;
    administer(2, async |administration, id| administration.set_active(id, false).await).await;
}

async fn administer<E>(calls: usize, act: impl AsyncFn(&Administration, &str) -> Result<(), E>) {
    let (world, store) = Flaky::world();
    let id = world.join("alice", &["notes:read"]).await.id;
    let administration = world.administration();
    for call in 0..calls {
        assert_eq!(store.inner.set_active(&id, true).await.unwrap(), AccountChange::Done);
        let token = world.login("alice", PASSWORD).await.text("access_token");
        assert_eq!(world.me(&token).await.status, 200);
        drop_at(Held::at(&store, call), act(&administration, &id)).await.let_go().await;
        world.me(&token).await.assert_problem(401, "invalid-token");
    }
}

#[tokio::test]
async fn a_password_that_is_being_changed_is_changed_and_ends_the_sessions_of_the_old_one() {
    // The calls from making links void onwards: sessions ended, hash replaced, sessions ended once more.
    for call in 6..=9 {
        let (world, store, mailbox) = world().await;
        let token = world.login("alice", PASSWORD).await.text("access_token");
        let body = json!({ "current_password": PASSWORD, "new_password": NEW });
        hang_up(&world, &store, call, world.json_as(&token, "/auth/password", &body)).await;
        assert_changed(&world, &mailbox, call).await;
        let id = world.account("alice").await.id;
        assert_eq!(world.administration().sessions(&id).await.unwrap().len(), 1, "call {call}: one's own");
        assert_eq!(world.me(&token).await.status, 200, "call {call}");
        assert_eq!(world.login("alice", NEW).await.status, 200, "call {call}");
    }
}

#[tokio::test]
async fn a_password_that_is_being_reset_is_reset_and_ends_all_sessions() {
    // The calls from using the token up onwards: account found again, and then as above.
    for call in 4..=9 {
        let (world, store, mailbox) = world().await;
        world.json("/auth/password/forgot", &json!({ "email": "alice@example.org" })).await;
        let token = mailbox.next("reset").await.token;
        let body = json!({ "token": token, "new_password": NEW });
        hang_up(&world, &store, call, world.json("/auth/password/reset", &body)).await;
        assert_changed(&world, &mailbox, call).await;
        let id = world.account("alice").await.id;
        assert_eq!(world.administration().sessions(&id).await.unwrap(), [], "call {call}");
        assert_eq!(world.login("alice", NEW).await.status, 200, "call {call}");
    }
}

#[tokio::test]
async fn an_address_that_is_being_verified_is_verified() {
    for call in 0..3 {
        let (sender, mailbox) = Mailbox::new();
        let (world, store) = Flaky::world_with(|builder| defaults(builder).mail(sender));
        world.join("alice", &[]).await;
        let token = mailbox.next("verify").await.token;
        let body = json!({ "token": token });
        drop_at(Held::at(&store, call), world.json("/auth/email/verify", &body)).await.let_go().await;
        // The other calls follow without a wait.
        assert!(world.account("alice").await.email_verified_at.is_some(), "call {call}");
    }
}

async fn world() -> (World, Flaky, Mailbox) {
    let (sender, mailbox) = Mailbox::new();
    let (world, store) = Flaky::world_with(|builder| defaults(builder).mail(sender));
    world.join("alice", &[]).await;
    mailbox.next("verify").await;
    (world, store, mailbox)
}

/// Drops the request in this call of the store. Meanwhile, another client tries to sign in with the old password.
async fn hang_up<T>(world: &World, store: &Flaky, call: usize, request: impl Future<Output = T>) {
    let held = drop_at(Held::at(store, call), request).await;
    world.login("alice", PASSWORD).await;
    held.let_go().await;
}

/// Drops the request in this call of the store, or lets it end when it makes fewer calls.
pub(super) async fn drop_at_call<T>(store: &Flaky, call: usize, request: impl Future<Output = T>) {
    let mut held = Held::at(store, call);
    let is_held = tokio::select! {
        biased;
        _ = request => false,
        reached = &mut held.reached => reached.is_ok(),
    };
    if is_held {
        held.let_go().await;
    }
}

/// Runs the work until it reaches the call, and drops it there.
pub(super) async fn drop_at<T>(mut held: Held, work: impl Future<Output = T>) -> Held {
    held.reach(Box::pin(work).as_mut()).await;
    held
}

/// Waits for the mail about the new password, which comes last. It takes less than the time-out, so a time-out is a
/// failure.
async fn assert_changed(world: &World, mailbox: &Mailbox, call: usize) {
    let told = timeout(Duration::from_secs(5), mailbox.next("changed")).await;
    assert!(told.is_ok(), "call {call}: the owner is not told");
    assert_eq!(world.login("alice", PASSWORD).await.status, 401, "call {call}");
}
