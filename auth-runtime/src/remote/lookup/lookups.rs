use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;

use tokio::{runtime::Handle, time::timeout};
use zeroize::Zeroizing;

use super::{
    Answer, Failure, Found, Kind, NotAsked, Upstream,
    cache::Cache,
    flights::{Flights, Running, Turn, Verdict},
    report::Report,
    shares::{NoShare, Share, Shares},
    times::{LONGEST_PAUSE, RETRY_SECONDS, SECOND, WITHIN},
};
use crate::{
    clock::{Clock, Monotonic},
    limit::AddressKey,
    remote::fetch::FetchError,
    token::TokenHash,
};

/// The credentials that one issuer verifies. Cheap to clone.
#[derive(Clone)]
pub(in crate::remote) struct Lookups(Arc<Inner>);

struct Inner {
    upstream: Box<dyn Upstream>,
    clock: Arc<dyn Clock>,
    cache: Cache,
    flights: Flights,
    shares: Shares,
    report: Report,
    /// Until when the issuer is not asked, because it gets too many requests. In nanoseconds.
    paused_until: AtomicU64,
}

impl Lookups {
    pub(in crate::remote) fn new(upstream: impl Upstream, clock: &Arc<dyn Clock>) -> Self {
        Self(Arc::new(Inner {
            upstream: Box::new(upstream),
            clock: Arc::clone(clock),
            cache: Cache::new(),
            flights: Flights::new(),
            shares: Shares::default(),
            report: Report::default(),
            paused_until: AtomicU64::new(0),
        }))
    }

    /// Returns whom the credential proves: from memory, or by asking the issuer. `from` finds the client's address,
    /// which the question is counted for.
    pub(in crate::remote) async fn find(
        &self,
        kind: Kind,
        credential: &str,
        from: impl FnOnce() -> Option<AddressKey>,
    ) -> Verdict {
        let hash = hash(kind, credential);
        if let Some(found) = self.0.remembered(&hash) {
            return Ok(found);
        }
        self.ask(hash, kind, credential, from()).await
    }

    #[cold]
    async fn ask(&self, hash: TokenHash, kind: Kind, credential: &str, from: Option<AddressKey>) -> Verdict {
        if let Some(seconds) = self.0.pause() {
            return Err(NotAsked::Unavailable { retry_after: Some(seconds) });
        }
        let share = || self.0.shares.begin(from, self.0.clock.monotonic());
        let end = match self.0.flights.turn(hash, || self.0.remembered(&hash), share) {
            Turn::Begins(running, end) => {
                self.begin(running, hash, kind, credential);
                end
            }
            Turn::Joins(end) => end,
            Turn::Known(found) => return Ok(found),
            Turn::Limited(NoShare(wait)) => {
                self.0.report.limited(self.0.upstream.issuer(), self.0.clock.monotonic());
                return Err(NotAsked::Limited(wait));
            }
            Turn::Full => {
                self.0.report.failed(self.0.upstream.issuer(), &FetchError::TooManyAtOnce, self.0.clock.monotonic());
                return Err(NotAsked::Unavailable { retry_after: Some(RETRY_SECONDS) });
            }
        };
        end.wait().await
    }

    /// Asks in a task of its own: a client that hangs up does not end the question for the others.
    fn begin(&self, running: Running, hash: TokenHash, kind: Kind, credential: &str) {
        // Outside of a runtime there is no network. The question ends at once.
        let Ok(runtime) = Handle::try_current() else { return };
        let (inner, credential) = (Arc::clone(&self.0), Zeroizing::new(credential.to_owned()));
        runtime.spawn(async move {
            let begin = inner.clock.monotonic();
            let asked = timeout(WITHIN, inner.upstream.ask(kind, &credential)).await;
            let asked = asked.unwrap_or_else(|_| Err(FetchError::TooSlow.into()));
            running.tell(inner.settle(hash, asked, begin, &running.share));
            drop(running);
        });
    }
}

impl Inner {
    fn remembered(&self, hash: &TokenHash) -> Option<Found> {
        self.cache.get(hash, self.clock.monotonic(), self.clock.unix())
    }

    /// Remembers an answer to the question that began then, and reports a failure.
    fn settle(&self, hash: TokenHash, asked: Result<Answer, Failure>, begin: Monotonic, share: &Share) -> Verdict {
        let (issuer, now) = (self.upstream.issuer(), self.clock.monotonic());
        match asked {
            Ok(Answer { found, seconds }) => {
                self.report.answered(issuer);
                if matches!(found, Found::Refused(_)) {
                    share.note_refusal(now);
                }
                // The issuer may have had the answer ready when the question came.
                self.cache.put(hash, &found, seconds, begin, now);
                Ok(found)
            }
            Err(Failure { error, retry_after, is_of_one }) => {
                let retry_after = retry_after.map(|seconds| seconds.clamp(1, LONGEST_PAUSE));
                if is_of_one {
                    share.note_refusal(now);
                } else {
                    self.report.failed(issuer, &error, now);
                    if let Some(seconds) = retry_after {
                        let pause = u64::from(seconds).saturating_mul(SECOND);
                        self.paused_until.store(now.as_nanos().saturating_add(pause), Ordering::Relaxed);
                    }
                }
                Err(NotAsked::Unavailable { retry_after })
            }
        }
    }

    /// Returns for how many seconds more the issuer is not asked.
    fn pause(&self) -> Option<u32> {
        let left = self.paused_until.load(Ordering::Relaxed).saturating_sub(self.clock.monotonic().as_nanos());
        (left > 0).then(|| u32::try_from(left.div_ceil(SECOND)).unwrap_or(LONGEST_PAUSE))
    }
}

/// Returns the hash under which an answer is remembered. The same text in another place is another credential.
fn hash(kind: Kind, credential: &str) -> TokenHash {
    let place = match kind {
        Kind::Bearer => b'b',
        Kind::Cookie => b'c',
        Kind::ApiKey => b'k',
    };
    TokenHash::of_kind(place, credential)
}
