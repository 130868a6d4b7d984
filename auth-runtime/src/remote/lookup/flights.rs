use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::{
    Found, NotAsked,
    shares::{NoShare, Share},
    times::MOST_AT_ONCE,
};
use crate::token::TokenHash;

/// Lets at most one question about a credential run at a time, and a few questions in all.
#[derive(Clone)]
pub(super) struct Flights(Arc<Inner>);

struct Inner {
    running: Mutex<HashMap<TokenHash, watch::Receiver<Option<Verdict>>>>,
    places: Arc<Semaphore>,
}

pub(super) type Verdict = Result<Found, NotAsked>;

/// The end of a question, for those who wait for it.
pub(super) struct End(watch::Receiver<Option<Verdict>>);

/// A question that runs. It has ended when this is dropped, however it ended.
pub(super) struct Running {
    flights: Flights,
    hash: TokenHash,
    end: watch::Sender<Option<Verdict>>,
    pub(super) share: Share,
    _place: OwnedSemaphorePermit,
}

/// The answer to one who wants to ask.
pub(super) enum Turn {
    /// The caller asks, and may wait for the end.
    Begins(Running, End),
    /// Another one asks the same.
    Joins(End),
    /// The answer came meanwhile.
    Known(Found),
    /// The client's address has used up its share.
    Limited(NoShare),
    /// As many questions run as are allowed.
    Full,
}

impl Flights {
    pub(super) fn new() -> Self {
        Self(Arc::new(Inner { running: Mutex::default(), places: Arc::new(Semaphore::new(MOST_AT_ONCE)) }))
    }

    /// Returns the turn of one who wants to ask. `known` looks for an answer of a question that has just ended, and
    /// `share` begins a question of the client's address.
    pub(super) fn turn(
        &self,
        hash: TokenHash,
        known: impl FnOnce() -> Option<Found>,
        share: impl FnOnce() -> Result<Share, NoShare>,
    ) -> Turn {
        let mut running = self.running();
        if let Some(end) = running.get(&hash) {
            return Turn::Joins(End(end.clone()));
        }
        if let Some(found) = known() {
            return Turn::Known(found);
        }
        let share = match share() {
            Ok(share) => share,
            Err(no_share) => return Turn::Limited(no_share),
        };
        let Ok(place) = Arc::clone(&self.0.places).try_acquire_owned() else { return Turn::Full };
        let (sender, end) = watch::channel(None);
        running.insert(hash, end.clone());
        Turn::Begins(Running { flights: self.clone(), hash, end: sender, share, _place: place }, End(end))
    }

    fn running(&self) -> MutexGuard<'_, HashMap<TokenHash, watch::Receiver<Option<Verdict>>>> {
        self.0.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running {
    /// Tells the verdict to those who wait.
    pub(super) fn tell(&self, verdict: Verdict) {
        self.end.send_replace(Some(verdict));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.flights.running().remove(&self.hash);
    }
}

impl End {
    /// Waits for the verdict. A question that ended without one counts as not asked.
    pub(super) async fn wait(mut self) -> Verdict {
        match self.0.wait_for(Option::is_some).await {
            Ok(verdict) => verdict.clone().unwrap_or(Err(NotAsked::Unavailable { retry_after: None })),
            Err(_) => Err(NotAsked::Unavailable { retry_after: None }),
        }
    }
}
