use core::time::Duration;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::{sync::Notify, time::Instant};

use super::resets::Resets;
use crate::serve::limits::Limits;

/// What happens on one connection, from which follows when it has to end.
#[derive(Debug)]
pub(in crate::serve) struct Activity {
    head: Duration,
    idle: Duration,
    stall: Duration,
    state: Mutex<State>,
    pub(super) flooded: Notify,
}

#[derive(Debug)]
pub(super) struct State {
    /// The requests without a complete answer.
    pub(super) open: usize,
    /// Those of them with an answer that waits until the client takes a part of it.
    pub(super) untaken: usize,
    /// The start of the connection, the end of the last request, or the last part of an answer.
    pub(super) quiet_since: Instant,
    /// The bytes that came since then, and those that the client took.
    received: usize,
    sent: usize,
    /// When the head of a further request began to arrive. HTTP/1 only: on HTTP/2 it may be a ping.
    pub(super) head_since: Option<Instant>,
    /// The version of the requests so far.
    pub(super) version: Option<Version>,
    /// The tasks of hyper. HTTP/2 only: there, each answer has one, and each tunnel that the application holds.
    pub(super) tasks: usize,
    /// Whether the application has taken the whole connection over. HTTP/1 only.
    pub(super) is_upgraded: bool,
    pub(super) resets: Resets,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::serve) enum Version {
    Http1,
    Http2,
}

/// Why a connection has to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::serve) enum Reason {
    /// The head of a request did not arrive in time.
    Head,
    /// No request came for too long.
    Idle,
    /// The client took no part of its answers for too long. HTTP/2 only: there, a client that lets no answer come
    /// leaves nothing to write, so no write waits.
    Stall,
}

/// With this many more bytes sent than received, some of them belong to an answer. Answers to pings and settings must
/// not keep a connection alive. They are as long as what they answer, and hyper may write many of them at once.
const PART_OF_ANSWER: usize = 256;

impl Activity {
    pub(in crate::serve) fn new(limits: &Limits) -> Arc<Self> {
        let state = State {
            open: 0,
            untaken: 0,
            quiet_since: Instant::now(),
            received: 0,
            sent: 0,
            head_since: None,
            version: None,
            tasks: 0,
            is_upgraded: false,
            resets: Resets::default(),
        };
        let Limits { head, idle, stall, .. } = *limits;
        Arc::new(Self { head, idle, stall, state: Mutex::new(state), flooded: Notify::new() })
    }

    /// Records bytes from the client.
    pub(in crate::serve) fn read(&self, bytes: usize) {
        let mut state = self.state();
        state.received = state.received.saturating_add(bytes);
        if state.open == 0 && state.version == Some(Version::Http1) && state.head_since.is_none() {
            state.head_since = Some(Instant::now());
        }
    }

    /// Records bytes that the client took. The last ones of an answer may wait longer than the handler did.
    pub(in crate::serve) fn wrote(&self, bytes: usize) {
        let mut state = self.state();
        state.sent = state.sent.saturating_add(bytes);
        if state.version.is_some() && state.sent >= state.received.saturating_add(PART_OF_ANSWER) {
            state.moved();
        }
    }

    /// Returns when the connection has to end as it stands now, and why.
    pub(in crate::serve) fn deadline(&self) -> Option<(Instant, Reason)> {
        let state = self.state();
        if state.open > 0 {
            let waits_for_client = state.version == Some(Version::Http2) && state.untaken == state.open;
            let at = state.quiet_since.checked_add(self.stall).filter(|_| waits_for_client);
            return at.map(|at| (at, Reason::Stall));
        }
        if state.tasks > 0 {
            // All requests are answered, so the task is that of a tunnel, as WebSockets are over HTTP/2.
            return None;
        }
        let head = |since: Instant| (since.checked_add(self.head), Reason::Head);
        let idle = (state.quiet_since.checked_add(self.idle), Reason::Idle);
        let (at, reason) = match (state.version, state.head_since) {
            (None, _) => head(state.quiet_since),
            (Some(_), Some(since)) if head(since).0 < idle.0 => head(since),
            _ => idle,
        };
        // A time that the clock cannot tell never comes.
        at.map(|at| (at, reason))
    }

    /// Returns whether the client takes no answer at all, so that the connection ends.
    pub(in crate::serve) fn is_stalled(&self) -> bool {
        self.deadline().is_some_and(|(at, reason)| reason == Reason::Stall && at <= Instant::now())
    }

    /// Returns how long an answer may wait until the client takes a part of it.
    pub(in crate::serve) fn stall(&self) -> Duration {
        self.stall
    }

    /// Returns whether nothing has been open for so long.
    pub(in crate::serve) fn is_quiet(&self, time: Duration) -> bool {
        let state = self.state();
        state.open == 0 && state.quiet_since.elapsed() >= time
    }

    /// Records that hyper no longer has the connection: it is closed, or the application has it.
    pub(in crate::serve) fn upgraded(&self) {
        self.state().is_upgraded = true;
    }

    /// Returns whether the application has taken over the connection. Its bytes then are not those of answers.
    pub(in crate::serve) fn is_upgraded(&self) -> bool {
        self.state().is_upgraded
    }

    /// Waits until the client has cancelled too many requests.
    pub(in crate::serve) async fn flooded(&self) {
        self.flooded.notified().await;
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Notes that a request or an answer has come on.
    pub(super) fn moved(&mut self) {
        self.quiet_since = Instant::now();
        self.received = 0;
        self.sent = 0;
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{advance, timeout};

    use super::*;

    fn activity() -> Arc<Activity> {
        let [head, idle, stall] = [10, 60, 30].map(Duration::from_secs);
        Activity::new(&Limits { head, idle, stall, ..Limits::default() })
    }

    fn due(activity: &Activity) -> Option<(u64, Reason)> {
        activity.deadline().map(|(at, reason)| ((at - Instant::now()).as_secs(), reason))
    }

    async fn pass(seconds: u64) {
        advance(Duration::from_secs(seconds)).await;
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_head_has_its_time_from_the_start() {
        let activity = activity();
        pass(4).await;
        activity.read(1);
        assert_eq!(due(&activity), Some((6, Reason::Head)));
    }

    #[tokio::test(start_paused = true)]
    async fn an_open_request_has_no_deadline_and_the_next_is_idle_until_its_first_byte() {
        for (version, after_first_byte) in [(Version::Http1, (10, Reason::Head)), (Version::Http2, (57, Reason::Idle))]
        {
            let activity = activity();
            let (one, other) = (activity.begin(version), activity.begin(version));
            drop(one);
            assert_eq!(due(&activity), None);
            pass(100).await;
            drop(other);
            assert_eq!(due(&activity), Some((60, Reason::Idle)));
            pass(3).await;
            activity.read(1);
            assert_eq!(due(&activity), Some(after_first_byte));
            pass(2).await;
            activity.read(1);
            assert_eq!(due(&activity).unwrap().0, after_first_byte.0 - 2, "a second byte wins no time");
            drop(activity.begin(version));
            assert_eq!(due(&activity), Some((60, Reason::Idle)));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_head_never_outlives_the_idle_time() {
        let activity = activity();
        drop(activity.begin(Version::Http1));
        pass(55).await;
        activity.read(1);
        assert_eq!(due(&activity), Some((5, Reason::Idle)));
    }

    #[tokio::test(start_paused = true)]
    async fn parts_of_answers_keep_a_connection_and_pings_do_not() {
        let activity = activity();
        drop(activity.begin(Version::Http2));
        pass(50).await;
        activity.wrote(17);
        assert_eq!(due(&activity), Some((10, Reason::Idle)));
        activity.read(100 * 17);
        activity.wrote(100 * 17);
        assert_eq!(due(&activity), Some((10, Reason::Idle)), "many pings at once");
        activity.wrote(16_384);
        assert_eq!(due(&activity), Some((60, Reason::Idle)));
    }

    #[tokio::test(start_paused = true)]
    async fn answers_that_the_client_does_not_take_have_a_deadline_on_http2() {
        for (version, stalled) in [(Version::Http1, None), (Version::Http2, Some((30, Reason::Stall)))] {
            let activity = activity();
            let (mut one, mut other) = (activity.begin(version), activity.begin(version));
            one.gave_part();
            assert_eq!(due(&activity), None, "the other waits for the application");
            pass(20).await;
            other.gave_part();
            assert_eq!(due(&activity), stalled);
            pass(20).await;
            other.gave_part();
            assert_eq!(due(&activity), stalled, "a further part is taken");
            other.waits_for_application();
            assert_eq!(due(&activity), None);
            drop(other);
            assert_eq!(due(&activity), stalled);
            drop(one);
            assert_eq!(due(&activity), Some((60, Reason::Idle)));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_tunnel_is_not_idle_until_it_ends_and_excuses_no_answer() {
        let activity = activity();
        let (request, tunnel) = (activity.begin(Version::Http2), activity.begin_task());
        drop(request);
        pass(100).await;
        assert_eq!(due(&activity), None);
        let mut other = activity.begin(Version::Http2);
        other.gave_part();
        assert_eq!(due(&activity), Some((30, Reason::Stall)));
        drop(other);
        pass(100).await;
        assert_eq!(due(&activity), None);
        drop(tunnel);
        assert_eq!(due(&activity), Some((60, Reason::Idle)));
    }

    #[tokio::test(start_paused = true)]
    async fn more_requests_taken_back_than_answered_are_a_flood() {
        let activity = activity();
        let is_flooded = async || timeout(Duration::from_millis(1), activity.flooded()).await.is_ok();
        for _ in 0..50 {
            activity.begin(Version::Http2).answered();
        }
        for _ in 0..150 {
            drop(activity.begin(Version::Http2));
        }
        assert!(!is_flooded().await);
        drop(activity.begin(Version::Http2));
        assert!(is_flooded().await);
    }
}
