use tokio::runtime::Handle;
use tracing::Instrument as _;

use crate::error::StoreError;

/// Runs steps that belong together on a separate task, and waits for it.
///
/// When a client disconnects, its handler is dropped at the point where it waits. Between two writes, this would leave
/// the one without the other, for example a new password beside the sessions of the old one, and without an event. A
/// separate task completes the steps.
///
/// # Errors
/// Returns [`StoreError`] when a store panics or the runtime shuts down. It is then unknown how many of the steps were
/// completed.
pub(crate) async fn to_its_end<T: Send + 'static>(
    steps: impl Future<Output = T> + Send + 'static,
) -> Result<T, StoreError> {
    match Handle::try_current() {
        Ok(runtime) => {
            let task = runtime.spawn(steps.in_current_span());
            task.await.map_err(|error| StoreError::new("accounts", error))
        }
        // The application has its own executor, which decides how long it keeps a future.
        Err(_) => Ok(steps.await),
    }
}

#[cfg(test)]
mod tests {
    use core::{
        pin::pin,
        task::{Context, Poll, Waker},
    };

    use super::*;

    #[tokio::test]
    async fn a_panic_is_an_error() {
        let steps = to_its_end(async { panic!("a store's") });
        let error = steps.await.map(|()| "done").unwrap_err();
        assert!(core::error::Error::source(&error).is_some_and(|cause| cause.to_string().contains("panic")));
    }

    #[test]
    fn without_a_runtime_the_steps_are_done_where_they_are() {
        let done = pin!(to_its_end(async { 7 })).poll(&mut Context::from_waker(Waker::noop()));
        assert!(matches!(done, Poll::Ready(Ok(7))));
    }
}
