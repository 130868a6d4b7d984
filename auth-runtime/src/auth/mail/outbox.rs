use core::{error::Error, time::Duration};
use std::sync::Arc;

use tokio::{runtime::Handle, sync::Semaphore, time::timeout};

use super::{AccountMail, Message};
use crate::auth::event::ACCOUNT_TARGET;

/// Sends messages on separate tasks, a limited number at once. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Outbox {
    mail: Arc<dyn AccountMail>,
    places: Arc<Semaphore>,
}

/// How many messages may be on their way at once. A message is small; its connection is what costs.
const MOST_AT_ONCE: usize = 128;

/// A sender that hangs would keep its place for ever, so it is cancelled after this time.
const PATIENCE: Duration = Duration::from_secs(30);

impl Outbox {
    pub(crate) fn new(mail: Arc<dyn AccountMail>) -> Self {
        Self { mail, places: Arc::new(Semaphore::new(MOST_AT_ONCE)) }
    }

    /// Waits for `message` on a separate task and sends it, if there is one. Returns at once.
    ///
    /// The outbox takes a place before it starts `message`, and holds it to the end. A full outbox drops the message
    /// and does not refuse the request: the client's answer must depend only on its request.
    pub(crate) fn post(&self, message: impl Future<Output = Option<Message>> + Send + 'static) {
        let (Ok(runtime), Ok(place)) = (Handle::try_current(), Arc::clone(&self.places).try_acquire_owned()) else {
            tracing::error!(target: ACCOUNT_TARGET, outcome = "dropped", reason = "outbox_full", "a message is not sent");
            return;
        };
        let mail = Arc::clone(&self.mail);
        runtime.spawn(async move {
            let _held = place;
            let sent = timeout(PATIENCE, async {
                match message.await {
                    Some(message) => mail.send(message).await,
                    None => Ok(()),
                }
            });
            let sent = sent.await.unwrap_or_else(|late| Err(late.into()));
            if let Err(error) = sent {
                let error: &(dyn Error + 'static) = &*error;
                tracing::error!(target: ACCOUNT_TARGET, outcome = "failed", reason = "mail", error, "a message was not sent");
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::Notify;

    use super::*;
    use crate::{auth::MailError, store::BoxFuture};

    #[derive(Default)]
    struct Slow {
        begun: AtomicUsize,
        go_on: Notify,
    }

    struct Shared(Arc<Slow>);

    impl AccountMail for Shared {
        fn send(&self, _: Message) -> BoxFuture<'_, Result<(), MailError>> {
            Box::pin(async {
                self.0.begun.fetch_add(1, Ordering::SeqCst);
                self.0.go_on.notified().await;
                Ok(())
            })
        }
    }

    fn message() -> Option<Message> {
        Some(Message::PasswordChanged { to: String::new(), username: String::new(), api_keys: None })
    }

    #[tokio::test(start_paused = true)]
    async fn so_many_messages_are_under_way_and_the_rest_is_dropped() {
        let slow = Arc::new(Slow::default());
        let outbox = Outbox::new(Arc::new(Shared(Arc::clone(&slow))));
        for _ in 0..MOST_AT_ONCE + 10 {
            outbox.post(async { message() });
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(slow.begun.load(Ordering::SeqCst), MOST_AT_ONCE);
        slow.go_on.notify_one();
        tokio::time::sleep(Duration::from_secs(1)).await;
        outbox.post(async { message() });
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(slow.begun.load(Ordering::SeqCst), MOST_AT_ONCE + 1, "a place was free again");
    }

    #[tokio::test(start_paused = true)]
    async fn a_sender_that_hangs_gives_its_place_back() {
        let outbox = Outbox::new(Arc::new(Shared(Arc::default())));
        outbox.post(async { message() });
        tokio::time::sleep(Duration::from_secs(29)).await;
        assert_eq!(outbox.places.available_permits(), MOST_AT_ONCE - 1);
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_eq!(outbox.places.available_permits(), MOST_AT_ONCE);
    }

    #[test]
    fn without_a_runtime_nothing_is_sent_and_nothing_breaks() {
        Outbox::new(Arc::new(Shared(Arc::default()))).post(async { message() });
    }
}
