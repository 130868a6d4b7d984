use core::{fmt, time::Duration};
use std::sync::Arc;

use super::{
    RedisLimitsError, RedisUrlError,
    by_slot::{BySlot, REFUND_TIMEOUT},
    charging::{self, Answered},
    cluster::{Call, Cluster},
    link::{Link, within},
    open::Target,
    refusal::{Failure, Refusal},
    script::Script,
    slots::slot,
    url::{Kind, RedisUrl},
};
use crate::{
    clock::{Clock, Monotonic},
    limit::{Answer, Charge, LimitStore, blocked::Blocked},
};

/// Counters on Redis or Valkey, which several processes share.
///
/// All limits of a step are charged by one script in one round trip. The script decides as memory does, by the server's
/// clock: the clocks of this process and of others decide nothing. A counter expires when its bucket is full.
///
/// A request under a limit that is known to refuse is answered without the server, for at most 60 s. A counter that is
/// deleted on the server may therefore refuse for so long.
///
/// # Redis Cluster
///
/// The limits of a step may lie in several slots. Each slot is charged by a call of its own, all at the same time. When
/// one refuses, the others get their price back, minus the time since the charge. So no limit ever admits more than it
/// says; for the moment between charge and refund, it may admit less. A refusal is therefore remembered for at most a
/// second. A request that is given up keeps its charges.
///
/// # Errors
///
/// A failure is a [`StoreError`](crate::error::StoreError) with a [`RedisLimitsError`] as its source. The limits'
/// outage modes decide then. No call is sent twice, because it may have been carried out although its answer was lost.
pub struct RedisLimits {
    servers: Servers,
    prefix: Box<str>,
    charge: Arc<Script>,
    refund: Arc<Script>,
    blocked: Blocked,
    timeout: Duration,
}

enum Servers {
    One(Arc<Link>),
    Cluster(Arc<Cluster>),
}

/// The default time in which the server must answer. It is below the limiter's own time, so that the failure is known
/// by its reason.
const TIMEOUT: Duration = Duration::from_millis(45);
const SHORTEST_TIMEOUT: Duration = Duration::from_millis(1);
const LONGEST_TIMEOUT: Duration = Duration::from_secs(60);

impl RedisLimits {
    /// Reads the URL, and connects at the first request, or at the first [`check`](Self::check).
    ///
    /// | URL | servers |
    /// |---|---|
    /// | `redis://host:6379/0` | one server |
    /// | `redis-sentinel://host:26379,host:26379/name/0` | the primary that the Sentinels know as `name` |
    /// | `redis-cluster://host:6379,host:6379` | a cluster, by some of its nodes |
    /// | `redis-unix:///run/redis.sock` | one server on a Unix socket |
    ///
    /// - `user:password@` or `:password@` stand before the hosts. Write `@`, `/`, `?`, `#` and `%` in them as `%40`,
    ///   `%2F`, `%3F`, `%23` and `%25`. Sentinels have a login of their own:
    ///   `redis-sentinel://user:password@host:26379/name?sentinel_user=…&sentinel_password=…`.
    /// - `rediss`, `rediss-sentinel` and `rediss-cluster` use TLS, with the authorities that the machine trusts, or
    ///   those of the file in the environment variable `SSL_CERT_FILE`.
    /// - `valkey` may stand for `redis`, and `valkeys` for `rediss`.
    ///
    /// `prefix` begins the names of all counters. Applications that share a server need different prefixes; all
    /// processes of an application need the same. It has 1 to 64 letters, digits, `-`, `_`, `.` and `:`.
    ///
    /// # Errors
    /// Returns why the URL or the prefix is refused, without a part of the URL.
    pub fn new(url: &str, prefix: &str) -> Result<Self, RedisUrlError> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':');
        if prefix.is_empty() || prefix.len() > 64 || !prefix.bytes().all(allowed) {
            return Err(RedisUrlError::Prefix);
        }
        let RedisUrl { servers, access } = RedisUrl::parse(url)?;
        let servers = match servers {
            Kind::Single(address) => Servers::One(Link::new(Target::Server(address), &access)),
            Kind::Sentinel { sentinels, name } => Servers::One(Link::new(Target::Primary { sentinels, name }, &access)),
            Kind::Cluster(seeds) => Servers::Cluster(Cluster::new(seeds, &access)),
        };
        // A request that another slot's limit refuses is charged for a moment. It must not block others beyond that.
        let blocked = match &servers {
            Servers::One(_) => Blocked::new(),
            Servers::Cluster(_) => Blocked::for_at_most(REFUND_TIMEOUT),
        };
        Ok(Self {
            servers,
            prefix: prefix.into(),
            charge: Arc::new(Script::charge()),
            refund: Arc::new(Script::refund()),
            blocked,
            timeout: TIMEOUT,
        })
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

    /// Forgets every refusal at once, so that every request asks the server.
    #[cfg(test)]
    fn forgetful(mut self) -> Self {
        self.blocked = Blocked::none();
        self
    }

    /// Checks within five seconds that the server can be reached, that it accepts the user, and that the user may read
    /// and write counters. Changes no counter. A server that forgets counters when its memory is full passes, and the
    /// event `limit_store_evicts` tells of it.
    ///
    /// # Errors
    /// Returns the reason why requests could not be counted now.
    pub async fn check(&self) -> Result<(), RedisLimitsError> {
        let deadline = within(Duration::from_secs(5));
        let (call, key) = charging::trial(&self.charge, &self.prefix);
        let answer = match &self.servers {
            Servers::One(link) => {
                self.charge.evaluate(link, &call, false, deadline).await.map_err(Refusal::into_failure)
            }
            Servers::Cluster(cluster) => {
                let script = &self.charge;
                cluster.evaluate(&Call { slot: slot(&key), script, command: &call, deadline, counter: None }).await
            }
        };
        Answered::read(&answer.map_err(|failure| failure.error)?, 1).map(drop)
    }

    async fn count(&self, charges: &mut [Charge<'_>], sent: Monotonic) -> Result<(), Failure> {
        let entries = charging::entries(&self.prefix, charges);
        let deadline = within(self.timeout);
        match &self.servers {
            Servers::One(link) => {
                let call = charging::call(&self.charge, &entries);
                let answer = self.charge.evaluate(link, &call, false, deadline).await;
                let answered = Answered::read(&answer.map_err(Refusal::into_failure)?, entries.len())?;
                for (charge, verdict) in charges.iter_mut().zip(answered.verdicts(&entries)?) {
                    let price = charge.limit().price();
                    charge.answer(if answered.admitted { verdict } else { verdict.uncharged(price) });
                }
            }
            Servers::Cluster(cluster) => {
                let by_slot =
                    BySlot { cluster, prefix: &self.prefix, charge: &self.charge, refund: &self.refund, deadline };
                by_slot.charge(entries, charges).await?;
            }
        }
        self.blocked.remember(charges, sent);
        Ok(())
    }
}

impl LimitStore for RedisLimits {
    fn charge<'a>(&'a self, charges: &'a mut [Charge<'_>], clock: &'a dyn Clock) -> Answer<'a> {
        let now = clock.monotonic();
        if self.blocked.refuse(charges, now) {
            return Answer::Ready(Ok(()));
        }
        Answer::Pending(Box::pin(async move { self.count(charges, now).await.map_err(Failure::into_store_error) }))
    }
}

/// Prints neither addresses nor passwords.
impl fmt::Debug for RedisLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisLimits")
            .field("prefix", &self.prefix)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
