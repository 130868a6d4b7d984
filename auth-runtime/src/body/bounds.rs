use core::time::Duration;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::{
    extract::MatchedPath,
    http::{Method, StatusCode},
};
use tokio::time::Instant;

use super::{cut::Cut, event};

/// Says that the body of this request, if there is one, is wrapped by a layer that enforces the bounds of policies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Watched;

/// What the layers, the guard and the body of one request know of its bounds.
#[derive(Debug, Default)]
pub(super) struct State(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    written: Option<Written>,
    /// How many bytes the request announces.
    announced: u64,
    ended: Option<Instant>,
    cut: Option<Cut>,
    is_answered: bool,
}

/// The bounds that the policy of a handler has, and what the events say of its request.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) bytes: Option<u64>,
    pub(super) within: Option<Duration>,
    /// When the body would end that takes all of this time, without a pause of the handler.
    pub(super) until: Option<Instant>,
    pub(super) policy: &'static str,
    pub(super) route: Option<MatchedPath>,
    pub(super) method: Method,
}

/// What a body may still be at the moment.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bound {
    pub(super) bytes: Option<u64>,
    /// How long the reader may wait for the client.
    pub(super) within: Option<Duration>,
}

impl State {
    /// Notes the announced length.
    pub(super) fn announce(&self, bytes: u64) {
        self.known().announced = bytes;
    }

    /// Writes the bounds of a policy. Where two guards write, the stricter bounds count. Returns whether the request
    /// announces a longer body.
    pub(super) fn write(&self, mut new: Written) -> bool {
        let mut known = self.known();
        if let Some(old) = &known.written {
            new.bytes = stricter(old.bytes, new.bytes);
            new.within = stricter(old.within, new.within);
            new.until = stricter(old.until, new.until);
        }
        let is_exceeded = new.bytes.is_some_and(|most| known.announced > most);
        known.written = Some(new);
        is_exceeded
    }

    /// Returns what the body may be. A body that was cut is not read on.
    pub(super) fn bound(&self) -> Result<Bound, Cut> {
        let known = self.known();
        match known.cut {
            Some(cut) => Err(cut),
            None => {
                let written = known.written.as_ref();
                Ok(written
                    .map_or_else(Bound::default, |written| Bound { bytes: written.bytes, within: written.within }))
            }
        }
    }

    /// Notes that a bound was reached, with one event.
    pub(super) fn cut(&self, cut: Cut) {
        let mut known = self.known();
        if known.cut.is_none() {
            known.cut = Some(cut);
            match &known.written {
                Some(Written { policy, route, method, .. }) => {
                    event::of_policy(cut.reason(), policy, route.as_ref().map_or("", MatchedPath::as_str), method);
                }
                None => event::of_layer(cut.reason()),
            }
        }
        known.end();
    }

    /// Notes that the body has ended, or that it is not read on.
    pub(super) fn end(&self) {
        self.known().end();
    }

    /// Returns until when the handler may begin its answer, of which it has `within` for all but the body. Returns
    /// `None` if the policy gives the body no time of its own. A body that ends late because of the handler's pauses
    /// gives the handler no more time.
    #[cfg(feature = "web")]
    pub(super) fn deadline(&self, within: Duration) -> Option<Instant> {
        let known = self.known();
        let until = known.written.as_ref()?.until?;
        known.ended.map_or(until, |ended| ended.min(until)).checked_add(within)
    }

    /// Returns the bound that the answer should name in place of this error, once.
    pub(super) fn unanswered(&self, status: StatusCode) -> Option<Cut> {
        let mut known = self.known();
        if known.is_answered || !(status.is_client_error() || status.is_server_error()) {
            return None;
        }
        known.is_answered = known.cut.is_some();
        known.cut
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // Every change is complete before anything could panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// The time of the end matters only for a body that has a time of its own.
    fn end(&mut self) {
        if self.ended.is_none() && self.written.as_ref().is_some_and(|written| written.until.is_some()) {
            self.ended = Some(Instant::now());
        }
    }
}

fn stricter<T: Ord>(old: Option<T>, new: Option<T>) -> Option<T> {
    match (old, new) {
        (Some(old), Some(new)) => Some(old.min(new)),
        (old, new) => old.or(new),
    }
}
