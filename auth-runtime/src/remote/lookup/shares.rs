//! How much each client address may ask, so that strangers with invented credentials leave the issuer to others.

use core::{num::NonZeroU32, time::Duration};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::times::{MOST_ADDRESSES, MOST_OF_ONE_ADDRESS, REFUSALS, RETRY_SECONDS};
use crate::{clock::Monotonic, limit::AddressKey};

/// The shares of all client addresses. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Shares(Arc<Mutex<HashMap<AddressKey, Client>>>);

/// One question of a client address. It has ended when this is dropped.
pub(super) struct Share {
    shares: Shares,
    /// `None` if the address is unknown, or not counted.
    address: Option<AddressKey>,
}

/// A client address has used up its share for this time.
#[derive(Clone, Copy, Debug)]
pub(super) struct NoShare(pub(super) Duration);

#[derive(Default)]
struct Client {
    /// How many of its questions run.
    running: usize,
    /// The state of the rate of its refused credentials.
    tat: u64,
}

impl Shares {
    /// Begins a question of this address. Questions without an address have no share, and only the bound of all.
    pub(super) fn begin(&self, address: Option<AddressKey>, now: Monotonic) -> Result<Share, NoShare> {
        let share = |address| Share { shares: self.clone(), address };
        let Some(address) = address else { return Ok(share(None)) };
        let mut clients = self.clients();
        if clients.len() >= MOST_ADDRESSES && !clients.contains_key(&address) {
            clients.retain(|_, client| client.running > 0 || client.tat > now.as_nanos());
            if clients.len() >= MOST_ADDRESSES {
                return Ok(share(None));
            }
        }
        let client = clients.entry(address).or_default();
        let refused = REFUSALS.decide(client.tat, now, NonZeroU32::MIN).verdict;
        if !refused.is_allowed() {
            return Err(NoShare(refused.retry_after()));
        }
        if client.running >= MOST_OF_ONE_ADDRESS {
            return Err(NoShare(Duration::from_secs(u64::from(RETRY_SECONDS))));
        }
        client.running = client.running.saturating_add(1);
        Ok(share(Some(address)))
    }

    fn clients(&self) -> MutexGuard<'_, HashMap<AddressKey, Client>> {
        // No code panics while it holds the lock, so a poisoned lock still guards consistent data.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Share {
    /// Counts a refused credential.
    pub(super) fn note_refusal(&self, now: Monotonic) {
        let Some(address) = self.address else { return };
        if let Some(client) = self.shares.clients().get_mut(&address) {
            client.tat = REFUSALS.decide(client.tat, now, NonZeroU32::MIN).tat;
        }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let Some(address) = self.address else { return };
        let mut clients = self.shares.clients();
        let Some(client) = clients.get_mut(&address) else { return };
        client.running = client.running.saturating_sub(1);
        if client.running == 0 && client.tat == 0 {
            clients.remove(&address);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limit::AddressKey::V4;

    const NOW: Monotonic = Monotonic::from_nanos(1);

    fn refuse(shares: &Shares, address: AddressKey) {
        shares.begin(Some(address), NOW).unwrap().note_refusal(NOW);
    }

    #[test]
    fn an_address_has_four_questions_at_once() {
        let shares = Shares::default();
        let mut four: Vec<_> = (0..4).map(|_| shares.begin(Some(V4(1)), NOW).unwrap()).collect();
        assert_eq!(shares.begin(Some(V4(1)), NOW).err().unwrap().0, Duration::from_secs(1));
        assert!(shares.begin(Some(V4(2)), NOW).is_ok() && shares.begin(None, NOW).is_ok());
        four.pop();
        assert!(shares.begin(Some(V4(1)), NOW).is_ok());
        drop(four);
        assert!(shares.clients().is_empty(), "an address without refusals is not remembered");
    }

    #[test]
    fn an_address_with_100_refusals_waits_for_each_next_one() {
        let shares = Shares::default();
        (0..100).for_each(|_| refuse(&shares, V4(1)));
        assert!(shares.begin(Some(V4(1)), NOW).err().unwrap().0 <= Duration::from_millis(100));
        assert!(shares.begin(Some(V4(2)), NOW).is_ok());
        let later = Monotonic::from_nanos(NOW.as_nanos() + 100_000_000);
        shares.begin(Some(V4(1)), later).unwrap().note_refusal(later);
        assert!(shares.begin(Some(V4(1)), later).is_err());
    }

    #[test]
    fn memory_is_bounded() {
        let shares = Shares::default();
        for number in 0..u32::try_from(MOST_ADDRESSES).unwrap() + 10 {
            refuse(&shares, V4(number));
        }
        assert_eq!(shares.clients().len(), MOST_ADDRESSES);
        // Those who have waited make room.
        drop(shares.begin(Some(V4(u32::MAX)), Monotonic::from_nanos(60_000_000_000)).unwrap());
        assert!(shares.clients().is_empty());
    }
}
