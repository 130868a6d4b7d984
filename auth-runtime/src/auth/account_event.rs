use core::{error::Error, fmt, time::Duration};
use std::sync::Arc;

use tokio::{runtime::Handle, sync::Semaphore, time::timeout};
use tracing::{Instrument as _, Level};

use super::event::ACCOUNT_TARGET;
use crate::store::{Account, BoxFuture, SessionKind};

/// Something that has happened to an account, for
/// [`AuthBuilder::on_account_event`](super::AuthBuilder::on_account_event). Its `Debug` shows no personal data.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AccountEvent {
    /// A person has opened an account.
    #[non_exhaustive]
    Registered {
        /// The account's identifier.
        user_id: String,
        /// The account's user name.
        username: String,
        /// The account's e-mail address.
        email: String,
        /// Whether the account was invited.
        invited: bool,
    },
    /// An administrator, or the application, has created an account for a person.
    #[non_exhaustive]
    Created {
        /// The account's identifier.
        user_id: String,
        /// The account's user name.
        username: String,
        /// The account's e-mail address.
        email: String,
    },
    /// A user has signed in, and a session has begun.
    #[non_exhaustive]
    SignedIn {
        /// The account's identifier.
        user_id: String,
        /// The session's identifier.
        session_id: String,
        /// What continues the session.
        kind: SessionKind,
    },
    /// The account has another e-mail address.
    #[non_exhaustive]
    EmailChanged {
        /// The account's identifier.
        user_id: String,
    },
    /// The account is deleted. What the application stores for it can go.
    #[non_exhaustive]
    Deleted {
        /// The account's identifier.
        user_id: String,
    },
    /// The owner of the account's address has proved it for the first time, by a reset of the password or as a person
    /// whom the application recognised. Another person may have opened the account.
    ///
    /// The password, the sessions and the API keys from before have ended. What the application has stored by which the
    /// account signs in should go, too: passkeys, and users of providers. After that, end the sessions whose
    /// [`amr`](crate::store::SessionRecord::amr) names them: they signed in between the proof and this event.
    #[non_exhaustive]
    OwnerProven {
        /// The account's identifier.
        user_id: String,
    },
    /// A new password is set.
    #[non_exhaustive]
    PasswordChanged {
        /// The account's identifier.
        user_id: String,
        /// How the password was set.
        how: PasswordChange,
    },
}

/// The way in which a password was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PasswordChange {
    /// A user who was signed in has changed it.
    Changed,
    /// The holder of a one-time token has reset it.
    Reset,
}

impl AccountEvent {
    pub(crate) fn registered(account: &Account, invited: bool) -> Self {
        let Account { id, username, email, .. } = account.clone();
        Self::Registered { user_id: id, username, email, invited }
    }

    pub(crate) fn created(account: &Account) -> Self {
        let Account { id, username, email, .. } = account.clone();
        Self::Created { user_id: id, username, email }
    }

    /// Returns the identifier of the account.
    pub fn user_id(&self) -> &str {
        match self {
            Self::Registered { user_id, .. }
            | Self::Created { user_id, .. }
            | Self::SignedIn { user_id, .. }
            | Self::EmailChanged { user_id }
            | Self::Deleted { user_id }
            | Self::OwnerProven { user_id }
            | Self::PasswordChanged { user_id, .. } => user_id,
        }
    }

    const fn name(&self) -> &'static str {
        match self {
            Self::Registered { .. } => "Registered",
            Self::Created { .. } => "Created",
            Self::SignedIn { .. } => "SignedIn",
            Self::EmailChanged { .. } => "EmailChanged",
            Self::Deleted { .. } => "Deleted",
            Self::OwnerProven { .. } => "OwnerProven",
            Self::PasswordChanged { .. } => "PasswordChanged",
        }
    }
}

impl fmt::Debug for AccountEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(self.name()).field("user_id", &self.user_id()).finish_non_exhaustive()
    }
}

/// The reason why a listener failed.
type ListenerError = Box<dyn Error + Send + Sync>;

/// What the application does after an event.
type Listener = Arc<dyn Fn(AccountEvent) -> BoxFuture<'static, Result<(), ListenerError>> + Send + Sync>;

/// Runs the application's listeners on separate tasks, a limited number of events at once.
pub(crate) struct Listeners {
    all: Vec<Listener>,
    places: Arc<Semaphore>,
}

/// How many events may be told at once.
const MOST_AT_ONCE: usize = 128;

/// A listener that hangs would keep its place for ever, so it is cancelled after this time.
const PATIENCE: Duration = Duration::from_secs(5);

impl Default for Listeners {
    fn default() -> Self {
        Self { all: Vec::new(), places: Arc::new(Semaphore::new(MOST_AT_ONCE)) }
    }
}

impl Listeners {
    pub(super) fn add<R, E>(&mut self, listener: impl Fn(AccountEvent) -> R + Send + Sync + 'static)
    where
        R: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<ListenerError>,
    {
        self.all.push(Arc::new(move |event| {
            let told = listener(event);
            Box::pin(async move { told.await.map_err(Into::into) })
        }));
    }

    /// Tells the listeners on a separate task, and returns at once. A failing listener undoes nothing. Without
    /// listeners, no event is made.
    pub(super) fn tell(&self, event: impl FnOnce() -> AccountEvent) {
        if self.all.is_empty() {
            return;
        }
        let event = event();
        let (Ok(runtime), Ok(place)) = (Handle::try_current(), Arc::clone(&self.places).try_acquire_owned()) else {
            not_told(event.name(), event.user_id(), "listeners_busy", "no place is free".into());
            return;
        };
        let listeners = self.all.clone();
        let told = async move {
            let _held = place;
            for listener in listeners {
                tell_one(&listener, event.clone()).await;
            }
        };
        runtime.spawn(told.in_current_span());
    }
}

/// Runs one listener on a task of its own, so that its panic does not keep the event from the others.
async fn tell_one(listener: &Listener, event: AccountEvent) {
    let (name, user_id) = (event.name(), event.user_id().to_owned());
    let listener = Arc::clone(listener);
    // The listener's own code runs on the task, too: it may panic before it returns its future.
    let mut task = tokio::spawn(async move { listener(event).await }.in_current_span());
    match timeout(PATIENCE, &mut task).await {
        Ok(Ok(Ok(()))) => {}
        Ok(Ok(Err(error))) => not_told(name, &user_id, "listener_failed", error),
        Ok(Err(panic)) => not_told(name, &user_id, "listener_panicked", panic.into()),
        Err(late) => {
            task.abort();
            not_told(name, &user_id, "listener_timed_out", late.into());
        }
    }
}

fn not_told(event: &'static str, user_id: &str, reason: &'static str, error: ListenerError) {
    let error: &(dyn Error + 'static) = &*error;
    tracing::event!(
        target: ACCOUNT_TARGET, Level::ERROR, user.id = user_id, event, outcome = "failed", reason, error,
        "a listener did not handle an account's event",
    );
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    fn event(user_id: &str) -> AccountEvent {
        AccountEvent::PasswordChanged { user_id: user_id.to_owned(), how: PasswordChange::Reset }
    }

    fn noting() -> (Listeners, Arc<Mutex<Vec<String>>>) {
        let (mut listeners, seen) = (Listeners::default(), Arc::new(Mutex::new(Vec::new())));
        listeners.add(|event: AccountEvent| async move {
            match event.user_id() {
                "hangs" => std::future::pending().await,
                "fails" => Err("no"),
                "panics" => panic!("a listener's"),
                _ => Ok(()),
            }
        });
        let noted = Arc::clone(&seen);
        listeners.add(move |event: AccountEvent| {
            noted.lock().unwrap().push(event.user_id().to_owned());
            async { Ok::<(), &str>(()) }
        });
        (listeners, seen)
    }

    #[tokio::test(start_paused = true)]
    async fn a_listener_that_fails_panics_or_hangs_keeps_the_event_from_no_other() {
        let (listeners, seen) = noting();
        for id in ["fails", "panics", "hangs"] {
            listeners.tell(|| event(id));
            tokio::time::sleep(PATIENCE + Duration::from_secs(1)).await;
            assert_eq!(seen.lock().unwrap().pop().as_deref(), Some(id));
        }
        assert_eq!(listeners.places.available_permits(), MOST_AT_ONCE);
    }

    #[tokio::test(start_paused = true)]
    async fn so_many_events_are_told_at_once_and_the_rest_is_dropped() {
        let (listeners, seen) = noting();
        for _ in 0..MOST_AT_ONCE {
            listeners.tell(|| event("hangs"));
        }
        listeners.tell(|| event("one too many"));
        tokio::time::sleep(PATIENCE + Duration::from_secs(1)).await;
        assert_eq!(seen.lock().unwrap().len(), MOST_AT_ONCE);
        listeners.tell(|| event("later"));
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(seen.lock().unwrap().last().map(String::as_str), Some("later"));
    }

    #[test]
    fn without_a_runtime_nothing_is_told_and_nothing_breaks() {
        noting().0.tell(|| event("anyone"));
    }

    #[test]
    fn debug_output_shows_no_personal_data() {
        let event = AccountEvent::Registered {
            user_id: "7".to_owned(),
            username: "canary".to_owned(),
            email: "canary@example.org".to_owned(),
            invited: false,
        };
        assert_eq!(format!("{event:?}"), r#"Registered { user_id: "7", .. }"#);
    }
}
