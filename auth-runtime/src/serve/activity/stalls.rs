use core::{
    cell::Cell,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use std::sync::Arc;

use pin_project_lite::pin_project;
use tokio::{
    task::futures::TaskLocalFuture,
    task_local,
    time::{Instant, Sleep, sleep_until},
};

use super::state::Activity;

task_local! {
    /// Since when the answer that this task sends waits until the client takes a part of it. hyper asks the body for
    /// its parts in the answer's own task. HTTP/2 only.
    static UNTAKEN: Cell<Option<Instant>>;
}

/// Notes whether the answer of this task waits for the client.
pub(super) fn waits_for_client(waits: bool) {
    // Over HTTP/1 there is no task of this kind: a write to the connection waits in place of it.
    let _ = UNTAKEN.try_with(|untaken| untaken.set(waits.then(Instant::now)));
}

/// Runs a task of hyper, and drops it when the client has not taken a part of its answer for too long. h2 then resets
/// the stream.
///
/// The connection's own deadline is not enough. It stays away while any other request is open, and a client could keep
/// one open, and have the other answers held in memory.
pub(in crate::serve) fn stallable<F: Future>(future: F, activity: &Arc<Activity>) -> Stallable<F> {
    let answer = Answer { future, timer: None, activity: Arc::clone(activity) };
    UNTAKEN.scope(Cell::new(None), answer)
}

pub(in crate::serve) type Stallable<F> = TaskLocalFuture<Cell<Option<Instant>>, Answer<F>>;

/// A connection that is about to end may go on after all, when another request comes just then.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

pin_project! {
    /// The task of an answer. The timer exists only while the answer waits for the client.
    pub(in crate::serve) struct Answer<F> {
        #[pin]
        future: F,
        timer: Option<Pin<Box<Sleep>>>,
        activity: Arc<Activity>,
    }
}

impl<F: Future> Future for Answer<F> {
    /// Whether the task came to its end.
    type Output = bool;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<bool> {
        let this = self.project();
        if this.future.poll(context).is_ready() {
            return Poll::Ready(true);
        }
        let untaken = UNTAKEN.try_with(Cell::get).ok().flatten();
        let Some(until) = untaken.and_then(|since| since.checked_add(this.activity.stall())) else {
            *this.timer = None;
            return Poll::Pending;
        };
        let timer = this.timer.get_or_insert_with(|| Box::pin(sleep_until(until)));
        if timer.deadline() != until {
            timer.as_mut().reset(until);
        }
        while timer.as_mut().poll(context).is_ready() {
            let later = Instant::now().checked_add(LOOK_AGAIN).filter(|_| this.activity.is_stalled());
            let Some(later) = later else { return Poll::Ready(false) };
            // All answers wait for the client, so the whole connection is about to end.
            timer.as_mut().reset(later);
        }
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use core::future::pending;

    use tokio::time::{sleep, timeout};

    use super::*;
    use crate::serve::{activity::Version, limits::Limits};

    /// The client of a stalled connection sends a further request in the last moment.
    #[tokio::test(start_paused = true)]
    async fn an_answer_ends_though_its_connection_goes_on_after_all() {
        let activity = Activity::new(&Limits { stall: Duration::from_secs(30), ..Limits::default() });
        let mut request = activity.begin(Version::Http2);
        let answer = async move {
            request.gave_part();
            pending::<()>().await;
        };
        let task = tokio::spawn(stallable(answer, &activity));
        sleep(Duration::from_millis(30_500)).await;
        assert!(activity.is_stalled() && !task.is_finished(), "the whole connection ends");
        drop(activity.begin(Version::Http2));
        let is_complete = timeout(Duration::from_secs(5), task).await.expect("the answer goes on").unwrap();
        assert!(!is_complete);
    }
}
