use core::time::Duration;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::{sync::Notify, time::Instant};

use super::limits::Limits;

/// What happens on one connection, from which follows when it has to end.
#[derive(Debug)]
pub(super) struct Activity {
    head: Duration,
    idle: Duration,
    stall: Duration,
    state: Mutex<State>,
    flooded: Notify,
}

#[derive(Debug)]
struct State {
    /// The requests whose answers are not complete.
    open: usize,
    /// Those of them whose answer waits until the client takes a part of it.
    untaken: usize,
    /// The start of the connection, the end of the last request, or the last part of an answer.
    quiet_since: Instant,
    /// When the head of a further request began to arrive. HTTP/1 only: on HTTP/2 it may be a ping.
    head_since: Option<Instant>,
    /// The version of the requests so far.
    version: Option<Version>,
    /// Whether a request became a tunnel, as WebSockets do over HTTP/2. It ends with the connection.
    has_tunnel: bool,
    /// The requests that were answered, and those that the client took back before.
    answered: u32,
    taken_back: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    Http1,
    Http2,
}

/// Why a connection has to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// The head of a request did not arrive in time.
    Head,
    /// No request came for too long.
    Idle,
    /// The client took no part of its answers for too long. HTTP/2 only: there, a client that lets no answer come
    /// leaves nothing to write, so no write waits.
    Stall,
}

/// A client may take back this many requests on a connection, and after that as many as were answered.
const FREE_RESETS: u32 = 100;

/// Writes of this size are parts of answers. Smaller ones may be hyper's pings, which must not keep a connection alive.
const PART_OF_ANSWER: usize = 256;

impl Activity {
    pub(super) fn new(limits: &Limits) -> Arc<Self> {
        let state = State {
            open: 0,
            untaken: 0,
            quiet_since: Instant::now(),
            head_since: None,
            version: None,
            has_tunnel: false,
            answered: 0,
            taken_back: 0,
        };
        let Limits { head, idle, stall, .. } = *limits;
        Arc::new(Self { head, idle, stall, state: Mutex::new(state), flooded: Notify::new() })
    }

    /// Records the complete head of a request. The request ends when the returned value is dropped.
    pub(super) fn begin(self: &Arc<Self>, version: Version) -> OpenRequest {
        let mut state = self.state();
        state.open = state.open.saturating_add(1);
        state.head_since = None;
        state.version = Some(version);
        OpenRequest { activity: Arc::clone(self), is_answered: false, is_untaken: false }
    }

    /// Records bytes from the client.
    pub(super) fn read(&self) {
        let mut state = self.state();
        if state.open == 0 && state.version == Some(Version::Http1) && state.head_since.is_none() {
            state.head_since = Some(Instant::now());
        }
    }

    /// Records bytes that the client took. The last ones of an answer may wait longer than the handler did.
    pub(super) fn wrote(&self, bytes: usize) {
        if bytes >= PART_OF_ANSWER {
            self.state().quiet_since = Instant::now();
        }
    }

    /// Returns when the connection has to end as it stands now, and why.
    pub(super) fn deadline(&self) -> Option<(Instant, Reason)> {
        let state = self.state();
        if state.has_tunnel {
            return None;
        }
        if state.open > 0 {
            let waits_for_client = state.version == Some(Version::Http2) && state.untaken == state.open;
            let at = state.quiet_since.checked_add(self.stall).filter(|_| waits_for_client);
            return at.map(|at| (at, Reason::Stall));
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

    /// Returns whether nothing has been open for so long.
    pub(super) fn is_quiet(&self, time: Duration) -> bool {
        let state = self.state();
        state.open == 0 && state.quiet_since.elapsed() >= time
    }

    /// Records that the connection was upgraded. The application has it from now on.
    pub(super) fn upgraded(&self) {
        self.state().has_tunnel = true;
    }

    /// Returns whether the application has the connection, whose bytes are not those of answers.
    pub(super) fn is_tunnel(&self) -> bool {
        self.state().has_tunnel
    }

    /// Waits until the client has taken back too many requests.
    pub(super) async fn flooded(&self) {
        self.flooded.notified().await;
    }

    fn end(&self, is_answered: bool, is_untaken: bool) {
        let mut state = self.state();
        state.open = state.open.saturating_sub(1);
        state.untaken = state.untaken.saturating_sub(usize::from(is_untaken));
        state.quiet_since = Instant::now();
        match is_answered {
            true => state.answered = state.answered.saturating_add(1),
            false => state.taken_back = state.taken_back.saturating_add(1),
        }
        if state.taken_back > state.answered.saturating_add(FREE_RESETS) {
            self.flooded.notify_one();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request whose answer is not complete.
#[derive(Debug)]
pub(super) struct OpenRequest {
    activity: Arc<Activity>,
    is_answered: bool,
    is_untaken: bool,
}

impl OpenRequest {
    /// Records that the handler answered. The body may still be on its way.
    pub(super) fn answered(&mut self) {
        self.is_answered = true;
    }

    /// Records that hyper has a part of the answer, and sends it when the client lets it. It had the part before
    /// already, so the client has taken that one.
    pub(super) fn gave_part(&mut self) {
        let mut state = self.activity.state();
        state.quiet_since = Instant::now();
        state.untaken = state.untaken.saturating_add(usize::from(!self.is_untaken));
        self.is_untaken = true;
    }

    /// Records that the answer waits for the application.
    pub(super) fn waits_for_application(&mut self) {
        if self.is_untaken {
            let mut state = self.activity.state();
            state.untaken = state.untaken.saturating_sub(1);
            self.is_untaken = false;
        }
    }

    /// Records that the connection carries a tunnel from now on.
    pub(super) fn became_tunnel(&self) {
        self.activity.state().has_tunnel = true;
    }
}

impl Drop for OpenRequest {
    fn drop(&mut self) {
        self.activity.end(self.is_answered, self.is_untaken);
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
        activity.read();
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
            activity.read();
            assert_eq!(due(&activity), Some(after_first_byte));
            pass(2).await;
            activity.read();
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
        activity.read();
        assert_eq!(due(&activity), Some((5, Reason::Idle)));
    }

    #[tokio::test(start_paused = true)]
    async fn parts_of_answers_keep_a_connection_and_pings_do_not() {
        let activity = activity();
        drop(activity.begin(Version::Http2));
        pass(50).await;
        activity.wrote(17);
        assert_eq!(due(&activity), Some((10, Reason::Idle)));
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
    async fn a_tunnel_is_never_idle() {
        let activity = activity();
        activity.begin(Version::Http2).became_tunnel();
        assert_eq!(due(&activity), None);
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
