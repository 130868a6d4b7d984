//! Values that stand for an open request and for a running task. Dropping one records the end.

use core::time::Duration;
use std::sync::Arc;

use super::{
    stalls,
    state::{Activity, Version},
};

impl Activity {
    /// Records the complete head of a request. The request ends when the returned value is dropped.
    pub(in crate::serve) fn begin(self: &Arc<Self>, version: Version) -> OpenRequest {
        let mut state = self.state();
        state.open = state.open.saturating_add(1);
        state.head_since = None;
        state.version = Some(version);
        OpenRequest { activity: Arc::clone(self), is_answered: false, is_untaken: false }
    }

    /// Records that hyper has begun a task. The task ends when the returned value is dropped.
    pub(in crate::serve) fn begin_task(self: &Arc<Self>) -> RunningTask {
        let mut state = self.state();
        state.tasks = state.tasks.saturating_add(1);
        RunningTask(Arc::clone(self))
    }
}

/// A request without a complete answer.
#[derive(Debug)]
pub(in crate::serve) struct OpenRequest {
    activity: Arc<Activity>,
    is_answered: bool,
    is_untaken: bool,
}

impl OpenRequest {
    /// Returns how long the answer may wait until the client takes a part of it.
    pub(in crate::serve) fn stall(&self) -> Duration {
        self.activity.stall()
    }

    /// Records that the handler answered. The body may still be on its way.
    pub(in crate::serve) fn answered(&mut self) {
        self.is_answered = true;
    }

    /// Records that hyper has a part of the answer, and sends it when the client lets it. It had the part before
    /// already, so the client has taken that one.
    pub(in crate::serve) fn gave_part(&mut self) {
        let mut state = self.activity.state();
        state.moved();
        state.untaken = state.untaken.saturating_add(usize::from(!self.is_untaken));
        self.is_untaken = true;
        drop(state);
        stalls::waits_for_client(true);
    }

    /// Records that the answer waits for the application.
    pub(in crate::serve) fn waits_for_application(&mut self) {
        if self.is_untaken {
            let mut state = self.activity.state();
            state.untaken = state.untaken.saturating_sub(1);
            self.is_untaken = false;
            drop(state);
            stalls::waits_for_client(false);
        }
    }
}

impl Drop for OpenRequest {
    fn drop(&mut self) {
        let mut state = self.activity.state();
        state.open = state.open.saturating_sub(1);
        state.untaken = state.untaken.saturating_sub(usize::from(self.is_untaken));
        state.moved();
        state.resets.count(self.is_answered);
        if state.resets.are_flood() {
            self.activity.flooded.notify_one();
        }
    }
}

/// A task of hyper that has not ended.
#[derive(Debug)]
pub(in crate::serve) struct RunningTask(Arc<Activity>);

impl Drop for RunningTask {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.tasks = state.tasks.saturating_sub(1);
        state.moved();
    }
}
