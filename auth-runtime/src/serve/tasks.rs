use core::{
    pin::Pin,
    task::{Context, Poll, ready},
};
use std::sync::Arc;

use hyper::rt::Executor;
use pin_project_lite::pin_project;

use super::{
    activity::{Activity, RunningTask, Stallable, stallable},
    event::TARGET,
};

/// Runs hyper's tasks for one connection of HTTP/2, and counts them.
///
/// hyper runs one task for each answer, and a further one for each tunnel until the application drops it. A tunnel that
/// the application did not take is dropped at once. So a task without an open request is a tunnel that the application
/// holds. Nothing in a request or its answer tells that as surely.
#[derive(Clone, Debug)]
pub(super) struct Tasks(pub(super) Arc<Activity>);

impl<F> Executor<F> for Tasks
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    fn execute(&self, future: F) {
        tokio::spawn(Counted { future: stallable(future, &self.0), task: self.0.begin_task() });
    }
}

pin_project! {
    /// A task that counts for as long as it exists.
    struct Counted<F> {
        // What the future holds is dropped before the task ends: its request is over first.
        #[pin]
        future: Stallable<F>,
        task: RunningTask,
    }
}

impl<F: Future> Future for Counted<F> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let is_complete = ready!(self.project().future.poll(context));
        if !is_complete {
            tracing::debug!(target: TARGET, reason = "stalled", "an answer ended");
        }
        Poll::Ready(())
    }
}
