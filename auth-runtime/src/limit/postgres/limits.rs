use core::{fmt, time::Duration};

use sqlx::{PgPool, Postgres, SqlSafeStr as _, SqlStr, pool::PoolConnection};
use tokio::{
    runtime::Handle,
    time::{Instant, timeout_at},
};

use super::{
    cleaning::Cleaning,
    connecting::Connecting,
    error::PostgresLimitsError,
    question::{Answered, Question},
};
use crate::{
    clock::{Clock, Monotonic},
    limit::{Answer, Charge, LimitStore, blocked::Blocked, counter::verdicts},
};

/// Counters in a PostgreSQL database, which several processes share.
///
/// All limits of a step are charged by one function of the server, in one round trip. The function decides as memory
/// does, by the server's clock: the clocks of this process and of others decide nothing. Limits that are refused do not
/// change the database.
///
/// The counters are in an unlogged table. A crash of the server, and the promotion of a replica, empty it: each limit
/// then admits at most one burst more. Failed passwords are not counted here.
///
/// A request under a limit that is known to refuse is answered without the server, for at most 60 s.
///
/// ```no_run
/// use auth_runtime::{auth::{Auth, Settings}, store::{Accounts, PostgresStore}};
///
/// # async fn start() -> Result<(), Box<dyn std::error::Error>> {
/// let store = PostgresStore::open("postgresql://app@localhost/notes").await?;
/// let limits = store.limits();
/// let settings = Settings::from_env()?;
/// let auth = Auth::builder().settings(&settings).accounts(&Accounts::new(store)).limit_store(limits).build()?;
/// # Ok(()) }
/// ```
///
/// # Errors
/// A failure is a [`StoreError`](crate::error::StoreError). The limits' outage modes decide then. A request may have
/// been counted twice if the answer was lost.
pub struct PostgresLimits {
    pool: PgPool,
    statement: SqlStr,
    blocked: Blocked,
    cleaning: Cleaning,
    connecting: Connecting,
    timeout: Duration,
}

/// The function locks its counters and reads the server's clock after that.
const STATEMENT: &str = "SELECT auth_charge_limits($1, $2, $3, $4)";

/// The default time in which the server must answer. It is below the limiter's own time, so that the failure is known
/// by its reason.
const TIMEOUT: Duration = Duration::from_millis(45);
const SHORTEST_TIMEOUT: Duration = Duration::from_millis(1);
const LONGEST_TIMEOUT: Duration = Duration::from_secs(60);

/// How much longer than its time a request waits, so that a call without a connection can say so.
const GRACE: Duration = Duration::from_millis(3);

/// The time after which a server that has not answered counts as gone. The server itself ends a wait for a lock after a
/// second, by the setting of its function.
const LONGEST_SILENCE: Duration = Duration::from_secs(2);

impl PostgresLimits {
    /// Creates the counters of a database whose tables are up to date. The pool is for the counters alone, so that they
    /// never wait for a long query.
    pub(crate) fn new(pool: PgPool) -> Self {
        let statement = STATEMENT.into_sql_str();
        let (cleaning, connecting) = (Cleaning::new(), Connecting::default());
        // The first request finds a connection. Outside a runtime, that request makes it.
        if Handle::try_current().is_ok() {
            connecting.begin(&pool);
        }
        Self { pool, statement, blocked: Blocked::new(), cleaning, connecting, timeout: TIMEOUT }
    }

    /// Sets the time in which the server must answer; 45 ms by default. A time below a millisecond counts as a
    /// millisecond, and a time above a minute as a minute.
    ///
    /// A [`Limiter`](crate::limit::Limiter) waits for 50 ms by default.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout.clamp(SHORTEST_TIMEOUT, LONGEST_TIMEOUT);
        self
    }

    async fn count(&self, charges: &mut [Charge<'_>], sent: Monotonic) -> Result<(), PostgresLimitsError> {
        self.cleaning.begin_if_due(&self.pool, sent);
        let call = Call {
            pool: self.pool.clone(),
            connecting: self.connecting.clone(),
            statement: self.statement.clone(),
            question: Question::new(charges),
        };
        let deadline = within(self.timeout);
        // A call without a connection ends at the deadline and says so. This request waits a moment longer to hear it.
        let longest = within(self.timeout.saturating_add(GRACE));
        // A client that hangs up must not end a call half-way: its connection would have to be closed.
        let numbers = timeout_at(longest, tokio::spawn(call.answer(deadline))).await;
        let numbers = numbers.map_err(|_| PostgresLimitsError::TimedOut)?;
        let answered = Answered::read(&numbers.map_err(|_| PostgresLimitsError::Ended)??)?;
        let verdicts = verdicts(charges.iter().map(Charge::limit), &answered.debts, answered.admitted);
        for (charge, verdict) in charges.iter_mut().zip(verdicts.ok_or(PostgresLimitsError::Unintelligible)?) {
            let price = charge.limit().price();
            charge.answer(if answered.admitted { verdict } else { verdict.uncharged(price) });
        }
        self.blocked.remember(charges, sent);
        Ok(())
    }
}

/// One question to the server.
struct Call {
    pool: PgPool,
    connecting: Connecting,
    statement: SqlStr,
    question: Question,
}

impl Call {
    /// Returns a connection. The attempt to make one ends with the request, so another one begins then.
    async fn connection(&self, deadline: Instant) -> Result<PoolConnection<Postgres>, PostgresLimitsError> {
        match timeout_at(deadline, self.pool.acquire()).await {
            Ok(acquired) => acquired.map_err(PostgresLimitsError::of_connecting),
            Err(_) => {
                self.connecting.begin(&self.pool);
                Err(PostgresLimitsError::NoConnection)
            }
        }
    }

    /// Asks the server, and asks again while connections turn out to be closed, for example by a restart of the server.
    /// A lost call may have been counted, which refuses more and never admits more.
    ///
    /// Returns after `deadline` if the server is late, when the request waits no more. Until the server has ended the
    /// call, the connection keeps its place in the pool. A server does not notice that a client has closed a connection
    /// on which it waits for a lock. New connections in their places would use up the server's connections, which the
    /// accounts need.
    async fn answer(self, deadline: Instant) -> Result<Vec<i64>, PostgresLimitsError> {
        let longest = deadline.max(within(LONGEST_SILENCE));
        loop {
            let mut connection = self.connection(deadline).await?;
            match timeout_at(longest, self.question.ask(self.statement.clone(), &mut connection)).await {
                // The pool drops the connection. Its size is bounded, and it refuses at once when it cannot make a new
                // one.
                Ok(Err(error)) if is_closed(&error) => {}
                Ok(answer) => return answer.map_err(Into::into),
                Err(_) => {
                    // The answer may never come. The connection is closed here, so that its place in the pool is free.
                    drop(connection.detach());
                    return Err(PostgresLimitsError::TimedOut);
                }
            }
        }
    }
}

/// Returns whether the server, or the way to it, ended the connection. A server that is shut down says so at the next
/// use: `admin_shutdown` and `crash_shutdown`. So does a server that has ended an idle connection:
/// `idle_session_timeout`.
fn is_closed(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    matches!(error, sqlx::Error::Io(_)) || matches!(code.as_deref(), Some("57P01" | "57P02" | "57P05"))
}

impl LimitStore for PostgresLimits {
    fn charge<'a>(&'a self, charges: &'a mut [Charge<'_>], clock: &'a dyn Clock) -> Answer<'a> {
        let now = clock.monotonic();
        if self.blocked.refuse(charges, now) {
            return Answer::Ready(Ok(()));
        }
        Answer::Pending(Box::pin(async move {
            self.count(charges, now).await.map_err(PostgresLimitsError::into_store_error)
        }))
    }
}

/// Prints no URL.
impl fmt::Debug for PostgresLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresLimits").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

fn within(time: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(time).unwrap_or(now)
}

#[cfg(test)]
mod tests;
