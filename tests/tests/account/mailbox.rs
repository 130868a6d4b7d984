use std::{sync::Arc, time::Duration};

use auth_runtime::{
    auth::{AccountMail, AuthBuilder, MailError, Message},
    store::BoxFuture,
};
use secrecy::ExposeSecret;
use tokio::sync::{
    Mutex,
    mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};

use super::world::{World, defaults};

/// The messages, in the order in which they were sent.
pub(super) struct Mailbox(Mutex<UnboundedReceiver<Sent>>);

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sent {
    pub(super) kind: &'static str,
    pub(super) to: String,
    pub(super) username: String,
    pub(super) token: String,
    pub(super) expires_in: Duration,
    pub(super) api_keys: Option<u64>,
    pub(super) new_email: String,
}

/// Runs a scenario on every store, with a mail sender.
pub(super) async fn every_store_with_mail(scenario: impl AsyncFn(World, Mailbox)) {
    let (sender, mailbox) = Mailbox::new();
    scenario(World::in_memory(|builder| defaults(builder).mail(sender)), mailbox).await;
    let (sender, mailbox) = Mailbox::new();
    let world = World::on_sqlite_with("sqlite::memory:", |builder| defaults(builder).mail(sender)).await;
    scenario(world, mailbox).await;
}

/// Creates a world in memory, with mail and changed defaults.
pub(super) fn world_with_mail(change: impl FnOnce(AuthBuilder) -> AuthBuilder) -> (World, Mailbox) {
    let (sender, mailbox) = Mailbox::new();
    (World::in_memory(|builder| change(defaults(builder).mail(sender))), mailbox)
}

impl Mailbox {
    pub(super) fn new() -> (Sender, Self) {
        let (sender, receiver) = unbounded_channel();
        (Sender(Arc::new(sender)), Self(Mutex::new(receiver)))
    }

    /// Returns the next message, which must be of this kind.
    pub(super) async fn next(&self, kind: &'static str) -> Sent {
        let sent = self.0.lock().await.recv().await.expect("the sender is there");
        assert_eq!(sent.kind, kind, "{sent:?}");
        sent
    }

    /// Takes the next message, of whatever kind.
    pub(super) async fn drop_next(&self) {
        self.0.lock().await.recv().await.expect("the sender is there");
    }

    /// Takes all messages that have arrived.
    pub(super) async fn take_all(&self) -> Vec<Sent> {
        let mut inbox = self.0.lock().await;
        core::iter::from_fn(|| inbox.try_recv().ok()).collect()
    }

    /// Returns whether no more messages have arrived.
    pub(super) async fn is_empty(&self) -> bool {
        // Lets the tasks that send mail run. For tasks in memory, this is enough.
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        self.0.lock().await.is_empty()
    }
}

pub(super) struct Sender(Arc<UnboundedSender<Sent>>);

impl AccountMail for Sender {
    fn send(&self, message: Message) -> BoxFuture<'_, Result<(), MailError>> {
        Box::pin(async move {
            let (mut keys, mut wanted) = (None, String::new());
            let (kind, to, username, secret, expires_in) = match message {
                Message::PasswordReset { to, username, token, expires_in, .. } => {
                    ("reset", to, username, Some(token), expires_in)
                }
                Message::VerifyEmail { to, username, token, expires_in, .. } => {
                    ("verify", to, username, Some(token), expires_in)
                }
                Message::Invitation { to, token, expires_in, .. } => {
                    ("invitation", to, String::new(), Some(token), expires_in)
                }
                Message::PasswordChanged { to, username, api_keys, .. } => {
                    keys = api_keys;
                    ("changed", to, username, None, Duration::ZERO)
                }
                Message::EmailChange { to, username, token, expires_in, .. } => {
                    ("email_change", to, username, Some(token), expires_in)
                }
                Message::EmailChangeRequested { to, username, new_email, .. } => {
                    wanted = new_email;
                    ("email_change_requested", to, username, None, Duration::ZERO)
                }
                Message::EmailChanged { to, username, new_email, .. } => {
                    wanted = new_email;
                    ("email_changed", to, username, None, Duration::ZERO)
                }
                Message::AccountDeleted { to, username, .. } => ("account_deleted", to, username, None, Duration::ZERO),
                _ => return Err("an unknown message".into()),
            };
            let token = secret.map(|token| token.expose_secret().to_owned()).unwrap_or_default();
            Ok(self.0.send(Sent { kind, to, username, token, expires_in, api_keys: keys, new_email: wanted })?)
        })
    }
}
