use core::time::Duration;
use std::sync::Arc;

use arc_swap::{ArcSwap, Guard};
use tokio::{runtime::Handle, time::timeout};

use super::{
    Known,
    flight::{Flight, Running, Turn},
    known::Answer,
};
use crate::{
    clock::Clock,
    remote::{
        event,
        fetch::{Client, Endpoint, FetchError, keys_endpoint},
        issuer::{Keys, Source},
    },
    token::{NotAKeySet, PublishedKeys},
};

/// The time for a fetch, of the metadata and the keys together.
const WITHIN: Duration = Duration::from_secs(5);

/// The keys of one issuer. Cheap to clone.
#[derive(Clone)]
pub(in crate::remote) struct KeyCache(Arc<Inner>);

struct Inner {
    source: Arc<Source>,
    client: Arc<Client>,
    clock: Arc<dyn Clock>,
    known: ArcSwap<Known>,
    flight: Flight,
}

impl KeyCache {
    pub(in crate::remote) fn new(source: Arc<Source>, client: Arc<Client>, clock: Arc<dyn Clock>) -> Self {
        let (known, flight) = (ArcSwap::default(), Flight::default());
        Self(Arc::new(Inner { source, client, clock, known, flight }))
    }

    /// Returns the present keys, without a lock.
    #[inline]
    pub(in crate::remote) fn known(&self) -> Guard<Arc<Known>> {
        self.0.known.load()
    }

    /// Starts to fetch the keys in the background, unless a fetch began a moment ago.
    #[cold]
    pub(in crate::remote) fn renew(&self) {
        let now = self.0.clock.monotonic();
        if !self.0.flight.has_just_begun(now)
            && let Turn::Begins(running, _) = self.0.flight.turn(now)
        {
            self.begin(running);
        }
    }

    /// Waits for a fetch: one that runs, or a new one, unless the last one began a moment ago.
    pub(in crate::remote) async fn fetch(&self) {
        let end = match self.0.flight.turn(self.0.clock.monotonic()) {
            Turn::Begins(running, end) => {
                self.begin(running);
                end
            }
            Turn::Joins(end) => end,
            Turn::Rests => return,
        };
        end.wait().await;
    }

    /// Fetches in a task of its own: a client that hangs up does not end the fetch for the others.
    fn begin(&self, running: Running) {
        // Outside of a runtime there is no network. The fetch ends at once, and the keys stay as they are.
        let Ok(runtime) = Handle::try_current() else { return };
        let inner = Arc::clone(&self.0);
        runtime.spawn(async move {
            let fetched = timeout(WITHIN, inner.answer()).await.unwrap_or(Err(FetchError::TooSlow));
            inner.remember(fetched);
            drop(running);
        });
    }
}

impl Inner {
    async fn answer(&self) -> Result<Answer, FetchError> {
        let url = self.keys_url().await?;
        let document = self.client.get(&url, &self.source.internal).await?;
        let (keys, passed_over) =
            PublishedKeys::read(&document, &self.source.algorithms).map_err(|fault| match fault {
                NotAKeySet::Malformed => FetchError::Malformed,
                NotAKeySet::TooManyKeys => FetchError::TooManyKeys,
            })?;
        Ok(Answer { keys, passed_over, fetched_at: self.clock.monotonic() })
    }

    async fn keys_url(&self) -> Result<Endpoint, FetchError> {
        let Source { iss, hosts, internal, keys, .. } = &*self.source;
        match keys {
            Keys::At(url) => Ok(url.clone()),
            Keys::Nowhere => Err(FetchError::NotFound),
            Keys::NamedBy(url) => keys_endpoint(&self.client, url, iss, hosts, internal).await,
        }
    }

    /// Replaces the keys by a well-formed answer. A failure keeps them.
    fn remember(&self, fetched: Result<Answer, FetchError>) {
        let before = self.known.load_full();
        let known = match fetched {
            Ok(answer) => {
                self.report(&answer, &before);
                Known { answer: Some(Arc::new(answer)), has_failed: false }
            }
            Err(error) => {
                event::failed(&self.source.iss, &error);
                Known { answer: before.answer.clone(), has_failed: true }
            }
        };
        self.known.store(Arc::new(known));
    }

    /// Reports the news in an answer.
    fn report(&self, answer: &Answer, before: &Known) {
        let issuer = &self.source.iss;
        if before.has_failed {
            event::recovered(issuer, answer.keys.len());
        }
        let is_same = |earlier: &Arc<Answer>| {
            earlier.passed_over == answer.passed_over && earlier.keys.len() == answer.keys.len()
        };
        if before.answer.as_ref().is_some_and(is_same) {
            return;
        }
        answer.passed_over.iter().for_each(|key| event::passed_over(issuer, key));
        if answer.keys.len() == 0 {
            event::no_keys(issuer);
        }
    }
}
