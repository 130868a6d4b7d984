use core::time::Duration;
use std::{
    collections::hash_map::RandomState,
    sync::{Mutex, MutexGuard, PoisonError},
};

use smallvec::SmallVec;

use crate::{
    clock::Monotonic,
    limit::{Charge, Outcome, Verdict},
};

/// What this process knows of counters that refuse: until a request may pass, the server need not be asked.
///
/// The memory is bounded: a counter has one of the places of its set. When all are taken, the place goes that would be
/// free first. Nothing is lost by that, because the server is asked then.
pub(super) struct Blocked {
    sets: Box<[Mutex<Set>]>,
    hasher: RandomState,
    longest: Duration,
}

type Set = [Place; PLACES];

/// A refusal of one cost by one counter, in nanoseconds of this process's clock.
#[derive(Clone, Copy, Default)]
struct Place {
    key: u64,
    price: u64,
    /// The time at which the same request may pass.
    passes: u64,
    /// The time until which the refusal is remembered.
    until: u64,
}

const PLACES: usize = 4;
const SETS: usize = 8_192;

/// The longest time for which a refusal is remembered. A counter that was deleted on the server refuses for no longer.
const LONGEST: Duration = Duration::from_secs(60);

impl Blocked {
    pub(super) fn new() -> Self {
        Self::for_at_most(LONGEST)
    }

    /// Creates a memory that forgets each refusal after this time.
    pub(super) fn for_at_most(longest: Duration) -> Self {
        Self { sets: (0..SETS).map(|_| Mutex::default()).collect(), hasher: RandomState::new(), longest }
    }

    /// Creates a memory without a place.
    #[cfg(test)]
    pub(super) fn none() -> Self {
        Self { sets: Box::default(), hasher: RandomState::new(), longest: LONGEST }
    }

    /// Answers the charges of a request, if a limit among them is known to refuse it.
    ///
    /// The other limits are left uncounted, so that the response has no fields of them. A request under a shadow limit
    /// is never answered here: the shadow limit has to be asked.
    #[inline]
    pub(super) fn refuse(&self, charges: &mut [Charge<'_>], now: Monotonic) -> bool {
        if charges.iter().any(|charge| charge.limit().is_shadow()) {
            return false;
        }
        if let [charge] = charges {
            let wait = self.wait(charge, now);
            return wait.is_some_and(|wait| {
                charge.answer(refusal(charge, wait));
                true
            });
        }
        let waits: SmallVec<[Option<u64>; 4]> = charges.iter().map(|charge| self.wait(charge, now)).collect();
        if waits.iter().all(Option::is_none) {
            return false;
        }
        for (charge, wait) in charges.iter_mut().zip(waits) {
            charge.settle(match wait {
                Some(wait) => Outcome::Counted(refusal(charge, wait)),
                None => Outcome::Uncounted,
            });
        }
        true
    }

    /// Remembers which charges the server has refused.
    ///
    /// The time counts from `sent`, before the server decided. So no request is refused that the server would admit,
    /// unless the server has lost the counter meanwhile.
    pub(super) fn remember(&self, charges: &[Charge<'_>], sent: Monotonic) {
        for (index, charge) in charges.iter().enumerate() {
            let Some(wait) = charge.verdict().map(|verdict| verdict.parts().1).filter(|wait| *wait > 0) else {
                continue;
            };
            let key = charge.hash_key(&self.hasher);
            // An earlier charge of the same counter may be why this one was refused. Alone it might pass.
            let is_first = charges.iter().take(index).all(|earlier| !is_same(earlier.hash_key(&self.hasher), key));
            if charge.refuses() && is_first {
                let sent = sent.as_nanos();
                let longest = self.longest.as_nanos() as u64;
                let (passes, until) = (sent.saturating_add(wait), sent.saturating_add(wait.min(longest)));
                let place = Place { key, price: charge.limit().price(), passes, until };
                if let Some(mut set) = self.set(key) {
                    take_over(&mut set, place, sent);
                }
            }
        }
    }

    #[inline]
    fn wait(&self, charge: &Charge<'_>, now: Monotonic) -> Option<u64> {
        let (key, price, now) = (charge.hash_key(&self.hasher), charge.limit().price(), now.as_nanos());
        let set = self.set(key)?;
        let place = set.iter().find(|place| is_same(place.key, key) && place.price == price)?;
        (now < place.until).then(|| place.passes.saturating_sub(now))
    }

    #[inline]
    fn set(&self, key: u64) -> Option<MutexGuard<'_, Set>> {
        // There are 2^n sets. No code panics under the lock; if some did, each place would still be whole.
        let set = self.sets.get(key as usize & self.sets.len().wrapping_sub(1))?;
        Some(set.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Replaces the same refusal, or else one that has ended, or else the refusal that ends first.
fn take_over(set: &mut Set, new: Place, now: u64) {
    let rank = |known: &Place| match is_same(known.key, new.key) && known.price == new.price {
        true => (0, 0),
        false if known.until <= now => (1, 0),
        false => (2, known.until),
    };
    if let Some(place) = set.iter_mut().min_by_key(|known| rank(known)) {
        *place = new;
    }
}

/// Returns the verdict of a limit that refuses for another `wait` nanoseconds.
fn refusal(charge: &Charge<'_>, wait: u64) -> Verdict {
    let (rate, price) = (*charge.limit().rate(), charge.limit().price());
    let tolerance = rate.tolerance().as_nanos() as u64;
    Verdict::from_parts(rate, (wait.saturating_add(tolerance).saturating_sub(price), wait))
}

/// Compares hashes of counters, which are no secrets: they have random keys and never leave the process.
#[inline]
fn is_same(one: u64, other: u64) -> bool {
    one == other
}

#[cfg(test)]
mod tests;
