use core::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use redis::{Cmd, Value, aio::MultiplexedConnection};
use tokio::{
    runtime::Handle,
    sync::watch,
    time::{Instant, timeout, timeout_at},
};

use super::{
    RedisLimitsError,
    eviction::Eviction,
    open::{Target, open},
    refusal::{Failure, Refusal},
    url::Access,
};

/// A server, with one connection that all calls share. The connection is made at the first call, and again after it
/// broke.
pub(super) struct Link {
    target: Target,
    access: Access,
    state: Mutex<State>,
    eviction: Eviction,
}

enum State {
    Idle,
    /// A task makes the connection, and goes on when the request that began it is gone.
    Connecting(watch::Receiver<Option<Made>>),
    Up(Arc<Wire>),
    /// No attempt is made before this time, so that a dead server costs a request nothing.
    Down {
        until: Instant,
        pause: Duration,
        failure: RedisLimitsError,
    },
}

type Made = Result<Arc<Wire>, RedisLimitsError>;

struct Wire {
    connection: MultiplexedConnection,
    made: Instant,
    /// Milliseconds after `made` at which a call was given up, while no answer has come since; else zero.
    silent_since: AtomicU64,
}

const SHORTEST_PAUSE: Duration = Duration::from_millis(25);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// The silence after which a connection counts as broken, for example because the server's machine is gone.
const LONGEST_SILENCE: Duration = Duration::from_secs(1);

impl Link {
    pub(super) fn new(target: Target, access: &Access) -> Arc<Self> {
        Arc::new(Self { target, access: access.clone(), state: Mutex::new(State::Idle), eviction: Eviction::default() })
    }

    /// Sends a command, and returns the answer if it comes before `deadline`. The command is never sent again: it may
    /// have been carried out although its answer was lost.
    ///
    /// With `asking`, a node of a cluster answers also for a slot that it is still importing.
    pub(super) async fn ask(
        self: &Arc<Self>,
        command: &Cmd,
        asking: bool,
        deadline: Instant,
    ) -> Result<Value, Refusal> {
        let wire = self.wire(deadline).await.map_err(Failure::of_connection)?;
        let mut connection = wire.connection.clone();
        let call = async {
            if !asking {
                return command.query_async(&mut connection).await;
            }
            let mut both = redis::pipe();
            both.cmd("ASKING").ignore().add_command(command.clone());
            let (answer,): (Value,) = both.query_async(&mut connection).await?;
            Ok(answer)
        };
        let waiting = Waiting { link: self, wire: &wire };
        let Ok(answer) = timeout_at(deadline, call).await else { return Err(RedisLimitsError::TimedOut.into()) };
        waiting.end();
        answer.map_err(|error| {
            let refusal = Refusal::of(error);
            if matches!(&refusal, Refusal::Failed(failure) if failure.error.ends_connection()) {
                self.leave(&wire);
            }
            refusal
        })
    }

    async fn wire(self: &Arc<Self>, deadline: Instant) -> Result<Arc<Wire>, RedisLimitsError> {
        let mut connecting = match self.current() {
            Ok(made) => return made,
            Err(connecting) => connecting,
        };
        let made = timeout_at(deadline, connecting.wait_for(Option::is_some)).await;
        match made.map(|made| made.ok().and_then(|made| (*made).clone())) {
            Ok(Some(made)) => made,
            // The task ended with its runtime. The next call begins another one.
            Ok(None) => Err(RedisLimitsError::Unreachable("the connection's task ended".to_owned())),
            Err(_) => Err(RedisLimitsError::TimedOut),
        }
    }

    /// Returns the present connection, or else the attempt to wait for.
    fn current(self: &Arc<Self>) -> Result<Made, watch::Receiver<Option<Made>>> {
        let mut state = self.state();
        match &*state {
            State::Up(wire) => return Ok(Ok(Arc::clone(wire))),
            State::Down { until, failure, .. } if Instant::now() < *until => return Ok(Err(failure.clone())),
            State::Connecting(made) if made.has_changed().is_ok() => return Err(made.clone()),
            State::Idle | State::Connecting(_) | State::Down { .. } => {}
        }
        let pause = if let State::Down { pause, .. } = &*state { pause.saturating_mul(2) } else { SHORTEST_PAUSE };
        let (sender, receiver) = watch::channel(None);
        *state = State::Connecting(receiver.clone());
        drop(state);
        let link = Arc::clone(self);
        tokio::spawn(async move {
            let made = link.make().await;
            *link.state() = match &made {
                Ok(wire) => State::Up(Arc::clone(wire)),
                Err(failure) => {
                    let pause = pause.min(LONGEST_PAUSE);
                    State::Down { until: within(pause), pause, failure: failure.clone() }
                }
            };
            let connection = made.as_ref().ok().map(|wire| wire.connection.clone());
            let _ = sender.send(Some(made));
            // No request waits for this.
            if let Some(connection) = connection {
                link.eviction.look(connection).await;
            }
        });
        Err(receiver)
    }

    async fn make(&self) -> Made {
        let connection = open(&self.target, &self.access).await?;
        Ok(Arc::new(Wire { connection, made: Instant::now(), silent_since: AtomicU64::new(0) }))
    }

    /// Gives a connection up, unless it was replaced already.
    fn leave(&self, wire: &Arc<Wire>) {
        let mut state = self.state();
        if matches!(&*state, State::Up(current) if Arc::ptr_eq(current, wire)) {
            *state = State::Idle;
        }
    }

    /// Asks the server whether it still answers, because a call was given up `since` that time. Gives the connection up
    /// when no answer comes.
    ///
    /// The call alone says little: clients who hang up at once give calls up on a healthy connection, too.
    fn doubt(self: &Arc<Self>, wire: &Arc<Wire>, since: u64) {
        let Ok(runtime) = Handle::try_current() else { return wire.silent_since.store(0, Ordering::Relaxed) };
        let (link, wire) = (Arc::clone(self), Arc::clone(wire));
        runtime.spawn(async move {
            let mut connection = wire.connection.clone();
            // Every user may send this.
            let question = redis::cmd("HELLO");
            match timeout(LONGEST_SILENCE, question.query_async::<Value>(&mut connection)).await {
                Ok(Err(error)) if RedisLimitsError::from(error.clone()).ends_connection() => link.leave(&wire),
                Ok(_) => wire.silent_since.store(0, Ordering::Relaxed),
                // Another call may have had an answer meanwhile, from a server that is only slow.
                Err(_) if wire.silent_since.load(Ordering::Relaxed) == since => link.leave(&wire),
                Err(_) => {}
            }
        });
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No code panics under the lock. If some did, each state would still be whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the time at which a call is given up.
pub(super) fn within(time: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(time).unwrap_or(now)
}

/// A call without an answer. Dropped, it was given up, by this module or by the request itself.
struct Waiting<'c> {
    link: &'c Arc<Link>,
    wire: &'c Arc<Wire>,
}

impl Waiting<'_> {
    fn end(self) {
        self.wire.silent_since.store(0, Ordering::Relaxed);
        core::mem::forget(self);
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let now = u64::try_from(self.wire.made.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
        if self.wire.silent_since.compare_exchange(0, now, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            self.link.doubt(self.wire, now);
        }
    }
}
