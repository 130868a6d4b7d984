use core::{net::SocketAddr, pin::pin, time::Duration};
use std::sync::{Arc, atomic::AtomicBool};

use axum::Router;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::conn::auto::Builder,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::{Instant, sleep_until, timeout},
};
use tokio_rustls::TlsAcceptor;

use super::{
    activity::{Activity, Reason},
    call::Calls,
    event::TARGET,
    limits::Limits,
    places::Place,
    shutdown::{Stage, StageView},
    tasks::Tasks,
    watched::Watched,
};
use crate::error::CatchPanicsService;

/// What all connections share.
pub(super) struct Shared {
    pub(super) app: CatchPanicsService<Router>,
    pub(super) limits: Limits,
    pub(super) tls: Option<TlsAcceptor>,
    /// Whether the server was asked to end.
    pub(super) is_leaving: Arc<AtomicBool>,
}

impl Shared {
    pub(super) fn new(app: CatchPanicsService<Router>, limits: Limits, tls: Option<TlsAcceptor>) -> Self {
        Self { app, limits, tls, is_leaving: Arc::default() }
    }
}

/// How long hyper waits before it asks a silent client of HTTP/2 whether it is still there, and for its answer. A
/// stream to a client that is gone would otherwise stay open.
const PING_EVERY: Duration = Duration::from_secs(30);
const PONG_WITHIN: Duration = Duration::from_secs(20);

/// How many streams that the client has reset may wait to be noticed.
const PENDING_RESETS: usize = 20;

/// How many streams may be reset because of the client's mistakes.
const MISTAKES: usize = 100;

fn http(limits: &Limits, tasks: Tasks) -> Builder<Tasks> {
    let mut http = Builder::new(tasks);
    // hyper's own deadline for heads would also end idle connections. `Activity` has one for each.
    let head = usize::try_from(limits.header_bytes).unwrap_or(usize::MAX);
    http.http1().timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(head);
    http.http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(PING_EVERY)
        .keep_alive_timeout(PONG_WITHIN)
        .max_concurrent_streams(limits.streams)
        .max_pending_accept_reset_streams(PENDING_RESETS)
        .max_local_error_reset_streams(MISTAKES)
        .max_header_list_size(limits.header_bytes)
        // WebSockets over HTTP/2 (RFC 8441).
        .enable_connect_protocol();
    http
}

/// Serves one connection to its end, or until it is upgraded.
pub(super) async fn serve<Io>(
    io: Io,
    peer: Option<SocketAddr>,
    place: Place,
    shared: Arc<Shared>,
    mut stages: StageView,
) where
    Io: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let Some(tls) = &shared.tls else { return requests(io, peer, place, &shared, stages).await };
    let shaken = tokio::select! {
        biased;
        // No request has come yet, so no request is lost.
        _ = stages.next() => return,
        shaken = timeout(shared.limits.handshake, tls.accept(io)) => shaken,
    };
    match shaken {
        Ok(Ok(io)) => requests(io, peer, place, &shared, stages).await,
        Ok(Err(error)) => failed(peer, "tls_handshake", Some(error.to_string())),
        Err(_) => ended(peer, "tls_handshake_deadline"),
    }
}

async fn requests<Io>(io: Io, peer: Option<SocketAddr>, place: Place, shared: &Shared, mut stages: StageView)
where
    Io: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let limits = &shared.limits;
    let activity = Activity::new(limits);
    let io = TokioIo::new(Watched::new(io, Arc::clone(&activity), limits.stall, place));
    let calls = Calls {
        app: shared.app.clone(),
        peer,
        is_encrypted: shared.tls.is_some(),
        is_leaving: Arc::clone(&shared.is_leaving),
        activity: Arc::clone(&activity),
    };
    let http = http(limits, Tasks(Arc::clone(&activity)));
    let mut connection = pin!(http.serve_connection_with_upgrades(io, calls));
    // A deadline that arises while the timer sleeps lies at least this far in the future, so the timer oversleeps no
    // deadline.
    let nap = limits.head.min(limits.idle).min(limits.stall);
    let mut timer = pin!(sleep_until(after(nap)));
    let mut said_goodbye = false;
    loop {
        let step = tokio::select! {
            biased;
            result = connection.as_mut() => {
                // Of a connection that was upgraded, the application has the stream now.
                activity.upgraded();
                return failed(peer, "http", result.err().map(|error| error.to_string()));
            }
            stage = stages.next() => if stage == Stage::Ended { return } else { Step::SayGoodbye },
            () = activity.flooded() => {
                tracing::warn!(target: TARGET, peer = ?peer, reason = "http2_resets", "a connection ended");
                return;
            }
            () = timer.as_mut() => step(&activity, said_goodbye, nap),
        };
        match step {
            Step::End(reason) => return ended(peer, reason),
            Step::Sleep(until) => timer.as_mut().reset(until),
            // A request that comes just now is still answered.
            Step::SayGoodbye => {
                said_goodbye = true;
                connection.as_mut().graceful_shutdown();
                timer.as_mut().reset(after(LAST_WORDS));
            }
        }
    }
}

/// What a connection does when its timer rings.
enum Step {
    Sleep(Instant),
    SayGoodbye,
    End(&'static str),
}

fn step(activity: &Activity, said_goodbye: bool, nap: Duration) -> Step {
    if said_goodbye && activity.is_quiet(LAST_WORDS) {
        return Step::End("idle");
    }
    let nap = after(if said_goodbye { LAST_WORDS } else { nap });
    match activity.deadline() {
        Some((at, Reason::Head)) if at <= Instant::now() => Step::End("head_deadline"),
        Some((at, Reason::Stall)) if at <= Instant::now() => Step::End("stalled"),
        Some((at, Reason::Idle)) if at <= Instant::now() => match said_goodbye {
            true => Step::Sleep(nap),
            false => Step::SayGoodbye,
        },
        due => Step::Sleep(due.map_or(nap, |(at, _)| at.min(nap))),
    }
}

/// How long a client without an open request may take to learn that its connection ends.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// How far in the future a time that the clock cannot tell is taken to be.
const FAR: Duration = Duration::from_secs(24 * 60 * 60);

fn after(wait: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(wait.min(FAR)).unwrap_or(now)
}

fn failed(peer: Option<SocketAddr>, reason: &'static str, error: Option<String>) {
    if let Some(error) = error {
        tracing::debug!(target: TARGET, peer = ?peer, reason, error = ?error, "a connection ended");
    }
}

fn ended(peer: Option<SocketAddr>, reason: &'static str) {
    tracing::debug!(target: TARGET, peer = ?peer, reason, "a connection ended");
}
