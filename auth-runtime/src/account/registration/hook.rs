use core::{fmt, time::Duration};

use tokio::{runtime::Handle, time::timeout};
use tracing::{Instrument as _, Level};

use crate::{
    account::event::TARGET,
    error::{Failure, UNAVAILABLE, UNAVAILABLE_RETRY_SECONDS},
    store::BoxFuture,
};

/// The account that is being registered, for the hook of
/// [`Registration::with_fields`](super::Registration::with_fields). Its `Debug` shows no personal data.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewMember {
    /// The account's identifier.
    pub id: String,
    /// The account's user name.
    pub username: String,
    /// The account's e-mail address.
    pub email: String,
    /// Whether the account was invited. The address is then verified.
    pub invited: bool,
}

impl fmt::Debug for NewMember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewMember").field("id", &self.id).field("invited", &self.invited).finish_non_exhaustive()
    }
}

/// The application's hook, with the members that it stores.
pub(super) struct Hook(Box<dyn FnOnce(NewMember) -> BoxFuture<'static, Result<(), Failure>> + Send>);

impl Hook {
    pub(super) fn new(
        hook: impl FnOnce(NewMember) -> BoxFuture<'static, Result<(), Failure>> + Send + 'static,
    ) -> Self {
        Self(Box::new(hook))
    }

    /// Runs the hook on a task of its own, so that neither its panic nor its end by the deadline breaks the steps that
    /// follow.
    ///
    /// # Errors
    /// Returns the hook's own error, or 503 when it hangs or panics. An event tells the operator.
    pub(super) async fn run(self, member: NewMember, deadline: Duration) -> Result<(), Failure> {
        let id = member.id.clone();
        let Ok(runtime) = Handle::try_current() else { return Err(given_up(&id, "no_runtime")) };
        let mut task = runtime.spawn((self.0)(member).in_current_span());
        let outcome = timeout(deadline, &mut task).await;
        match outcome {
            Ok(Ok(Ok(()))) => Ok(()),
            Ok(Ok(Err(failure))) => {
                refused(&id, &failure);
                Err(failure)
            }
            Ok(Err(_)) => Err(given_up(&id, "hook_panicked")),
            Err(_) => {
                task.abort();
                Err(given_up(&id, "hook_timed_out"))
            }
        }
    }
}

/// Logs that the hook refused the registration. The answer tells its cause, but the client may be gone by then.
fn refused(id: &str, failure: &Failure) {
    if let Some(problem) = failure.problem() {
        let code = problem.code();
        tracing::event!(target: TARGET, Level::INFO, user.id = id, outcome = "refused", reason = "hook_refused", code);
    } else {
        tracing::event!(
            target: TARGET, Level::ERROR, user.id = id, outcome = "failed", reason = "hook_failed", error = ?failure,
            "the hook of a registration failed",
        );
    }
}

fn given_up(id: &str, reason: &'static str) -> Failure {
    tracing::event!(
        target: TARGET, Level::ERROR, user.id = id, outcome = "failed", reason, "the hook of a registration was ended",
    );
    UNAVAILABLE.problem().with_retry_after(Duration::from_secs(UNAVAILABLE_RETRY_SECONDS)).into()
}
