//! Hears of revocations by other processes, on a connection of its own.

use core::{error::Error, fmt, time::Duration};
use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgListener, PgPoolOptions},
};
use tokio::{
    task::AbortHandle,
    time::{Instant, sleep, timeout},
};

use super::starting::cause;
use crate::{error::with_causes, secret::Entropy, store::RevocationSignal};

/// The channel on which a transaction that revokes notifies. All schemas of a database share it: a notification in vain
/// costs one question.
pub(super) const CHANNEL: &str = "auth_revocations";

/// The target of the events about the connection.
pub(super) const TARGET: &str = "auth_runtime::session";

/// How long a proof of the way counts.
const PROVED: Duration = Duration::from_secs(30);

const SHORTEST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The server of the connection that listens.
pub(super) struct ListenedTo {
    pub(super) options: PgConnectOptions,
    /// Whether it has a URL of its own.
    pub(super) is_named: bool,
}

/// The task that listens. It ends with this handle.
pub(super) struct Listener {
    signal: RevocationSignal,
    task: AbortHandle,
}

impl Listener {
    /// Starts to listen on a connection to this server. While that fails, the process learns of revocations by its
    /// regular questions alone.
    pub(super) fn new(server: ListenedTo, pool: PgPool, entropy: Arc<dyn Entropy>, patience: Duration) -> Self {
        Self::with_proofs_every(server, pool, entropy, patience, PROVED)
    }

    /// Starts to listen like [`new`](Self::new), with another time after which the way is proved again.
    pub(super) fn with_proofs_every(
        server: ListenedTo,
        pool: PgPool,
        entropy: Arc<dyn Entropy>,
        patience: Duration,
        proved_for: Duration,
    ) -> Self {
        let signal = RevocationSignal::new();
        let ListenedTo { options, is_named } = server;
        let direct = options.application_name("auth-runtime-listener");
        let listening = Listening { direct, is_named, pool, entropy, patience, proved_for, signal: signal.clone() };
        Self { signal, task: tokio::spawn(listening.run()).abort_handle() }
    }

    pub(super) fn signal(&self) -> &RevocationSignal {
        &self.signal
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Listening {
    direct: PgConnectOptions,
    is_named: bool,
    /// The store's own connections, by which it revokes.
    pool: PgPool,
    entropy: Arc<dyn Entropy>,
    patience: Duration,
    proved_for: Duration,
    signal: RevocationSignal,
}

impl Listening {
    async fn run(self) {
        let mut pause = SHORTEST_PAUSE;
        let mut is_told = false;
        loop {
            let error = match timeout(self.patience.saturating_mul(2), self.begin()).await {
                Ok(Ok(way)) => {
                    tracing::info!(target: TARGET, "revocations by other processes are pushed");
                    (pause, is_told) = (SHORTEST_PAUSE, false);
                    self.listen(way).await
                }
                Ok(Err(error)) => error,
                Err(_) => Box::new(Unheard),
            };
            // Once for each time that pushes stop.
            if !is_told {
                let setting = if self.is_named { "DATABASE_DIRECT_URL" } else { "DATABASE_URL" };
                tracing::warn!(
                    target: TARGET, store = "postgres", setting, error = with_causes(&*error),
                    "revocations are not pushed",
                );
                is_told = true;
            }
            sleep(pause).await;
            pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
        }
    }

    /// Connects, and proves the way. A pooler, and a server with another database, would accept `LISTEN` and pass
    /// nothing on.
    async fn begin(&self) -> Result<Way, Failure> {
        // A pool for one connection, since a listener takes no other one. It is dropped with the connection.
        let one = PgPoolOptions::new().max_connections(1).acquire_timeout(self.patience);
        let one = one.max_lifetime(None).idle_timeout(None).connect_lazy_with(self.direct.clone());
        let mut listener = match PgListener::connect_with(&one).await {
            Err(sqlx::Error::PoolTimedOut) => return Err(cause(&self.direct, self.patience).await.into()),
            connected => connected?,
        };
        listener.eager_reconnect(false);

        let mut random = [0; 16];
        self.entropy.fill(&mut random)?;
        let own = format!("auth_listener_{}", URL_SAFE_NO_PAD.encode(random));
        listener.listen_all([CHANNEL, &own]).await?;
        let mut way = Way { listener, own };
        self.prove(&mut way).await?;
        // Revocations may have been missed before.
        self.signal.raise();
        Ok(way)
    }

    /// Proves that a notification from the store's own connections arrives.
    async fn prove(&self, way: &mut Way) -> Result<(), Failure> {
        let notify = sqlx::query("SELECT pg_notify($1, $2)").bind(&way.own).bind("");
        notify.execute(&self.pool).await?;
        let arrival = async {
            loop {
                match way.listener.try_recv().await? {
                    Some(notification) if notification.channel() == way.own => return Ok(()),
                    Some(_) => self.signal.raise(),
                    None => return Err::<(), Failure>(Box::new(Lost)),
                }
            }
        };
        timeout(self.patience, arrival).await.map_err(|_| Unheard)?
    }

    /// Raises the signal for each notification, and returns why the connection ended.
    ///
    /// A connection that the network has forgotten stays silent for ever. So does one to a server that is not the
    /// primary any more, since the store's connections have followed the address to another one.
    async fn listen(&self, mut way: Way) -> Failure {
        let mut proved_at = Instant::now();
        loop {
            // Not by the time since the last notification: others can send them without an end.
            let left = self.proved_for.saturating_sub(proved_at.elapsed());
            match timeout(left, way.listener.try_recv()).await {
                Ok(Ok(Some(_))) => self.signal.raise(),
                Ok(Ok(None)) => return Box::new(Lost),
                Ok(Err(error)) => return error.into(),
                Err(_) => match timeout(self.patience.saturating_mul(2), self.prove(&mut way)).await {
                    Ok(Ok(())) => proved_at = Instant::now(),
                    Ok(Err(error)) => return error,
                    Err(_) => return Box::new(Unheard),
                },
            }
        }
    }
}

/// The connection that listens.
struct Way {
    listener: PgListener,
    /// A channel that no other process knows, for the proof. So a proof wakes no other process.
    own: String,
}

type Failure = Box<dyn Error + Send + Sync>;

/// The error for a connection that hears nothing.
#[derive(Debug)]
struct Unheard;

impl fmt::Display for Unheard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a notification to this process did not arrive in time; if a pooler stands before the server, name the \
             server itself in DATABASE_DIRECT_URL",
        )
    }
}

impl Error for Unheard {}

/// The error for a connection that has ended.
#[derive(Debug)]
struct Lost;

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection that listens was lost")
    }
}

impl Error for Lost {}
