use std::collections::{BTreeMap, BTreeSet};

use crate::{
    clock::UnixTime,
    store::{AccountKey, Admission, Attempt, AttemptLimits, ClientKey},
};

/// The counters of attempts, and the known clients of accounts.
#[derive(Default)]
pub(super) struct AttemptTable {
    counters: BTreeMap<Place, Counter>,
    /// When each client stops being known, by account and client.
    clients: BTreeMap<(AccountKey, ClientKey), UnixTime>,
    by_expiry: BTreeSet<(UnixTime, Row)>,
}

/// An account and one of its known clients, or `None` for all other clients.
type Place = (AccountKey, Option<ClientKey>);

struct Counter {
    failures: u32,
    expires_at: UnixTime,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Row {
    Counter(Place),
    Client((AccountKey, ClientKey)),
}

impl AttemptTable {
    pub(super) fn admit(&mut self, attempt: &Attempt, limits: &AttemptLimits, now: UnixTime) -> Admission {
        let place = self.place(attempt, now);
        let failures = match self.counters.get(&place).filter(|counter| counter.expires_at > now) {
            Some(counter) if counter.failures >= limits.max_failures => {
                return Admission::Locked { until: counter.expires_at };
            }
            counter => counter.map_or(0, |counter| counter.failures),
        };
        let counter =
            Counter { failures: failures.saturating_add(1), expires_at: now.plus_seconds(limits.cool_down_seconds) };
        self.remove_counter(&place);
        self.by_expiry.insert((counter.expires_at, Row::Counter(place)));
        self.counters.insert(place, counter);
        Admission::Admitted
    }

    pub(super) fn succeeded(&mut self, attempt: &Attempt, limits: &AttemptLimits, now: UnixTime) {
        let place = self.place(attempt, now);
        self.remove_counter(&place);
        let client = (attempt.account, attempt.client);
        self.remove_client(&client);
        let expires_at = now.plus_seconds(limits.known_client_seconds);
        self.by_expiry.insert((expires_at, Row::Client(client)));
        self.clients.insert(client, expires_at);
        self.forget_the_oldest(&attempt.account, limits.known_clients);
    }

    pub(super) fn withdraw(&mut self, attempt: &Attempt, now: UnixTime) {
        let place = self.place(attempt, now);
        if let Some(counter) = self.counters.get_mut(&place).filter(|counter| counter.expires_at > now) {
            counter.failures = counter.failures.saturating_sub(1);
        }
    }

    /// Returns the time from which on no counter of the account refuses an attempt, if one does now.
    pub(super) fn locked_until(&self, account: &AccountKey, limits: &AttemptLimits, now: UnixTime) -> Option<UnixTime> {
        let counters = self.counters.range((*account, None)..=(*account, Some(LAST))).map(|(_, counter)| counter);
        let full = counters.filter(|counter| counter.expires_at > now && counter.failures >= limits.max_failures);
        full.map(|counter| counter.expires_at).max()
    }

    pub(super) fn clear(&mut self, account: &AccountKey) {
        let places: Vec<Place> =
            self.counters.range((*account, None)..=(*account, Some(LAST))).map(|(place, _)| *place).collect();
        places.iter().for_each(|place| self.remove_counter(place));
    }

    pub(super) fn forget(&mut self, account: &AccountKey) {
        self.clear(account);
        self.forget_the_oldest(account, 0);
    }

    pub(super) fn remove_expired(&mut self, now: UnixTime, limit: u32) -> u64 {
        let mut removed = 0;
        while removed < u64::from(limit)
            && let Some(&(expires_at, row)) = self.by_expiry.first()
            && expires_at <= now
        {
            match row {
                Row::Counter(place) => self.remove_counter(&place),
                Row::Client(client) => self.remove_client(&client),
            }
            removed = removed.saturating_add(1);
        }
        removed
    }

    fn place(&self, attempt: &Attempt, now: UnixTime) -> Place {
        (attempt.account, self.is_known(attempt, now).then_some(attempt.client))
    }

    pub(super) fn is_known(&self, attempt: &Attempt, now: UnixTime) -> bool {
        self.clients.get(&(attempt.account, attempt.client)).is_some_and(|expires_at| *expires_at > now)
    }

    fn forget_the_oldest(&mut self, account: &AccountKey, most: u32) {
        let known = self.clients.range((*account, FIRST)..=(*account, LAST));
        let mut known: Vec<_> = known.map(|(client, expires_at)| (*expires_at, *client)).collect();
        known.sort_unstable();
        let too_many = known.len().saturating_sub(most as usize);
        known.iter().take(too_many).for_each(|(_, client)| self.remove_client(client));
    }

    fn remove_counter(&mut self, place: &Place) {
        if let Some(counter) = self.counters.remove(place) {
            self.by_expiry.remove(&(counter.expires_at, Row::Counter(*place)));
        }
    }

    fn remove_client(&mut self, client: &(AccountKey, ClientKey)) {
        if let Some(expires_at) = self.clients.remove(client) {
            self.by_expiry.remove(&(expires_at, Row::Client(*client)));
        }
    }
}

const FIRST: ClientKey = ClientKey::from_bytes([0; 32]);
const LAST: ClientKey = ClientKey::from_bytes([u8::MAX; 32]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expired_and_cleared_attempts_leave_nothing_behind() {
        let (mut table, limits) = (AttemptTable::default(), AttemptLimits::default());
        let at = UnixTime::from_seconds;
        for number in 0..20 {
            let account = AccountKey::from_bytes([number % 2; 32]);
            let attempt = Attempt::new(account, ClientKey::from_bytes([number; 32]));
            assert_eq!(table.admit(&attempt, &limits, at(number.into())), Admission::Admitted);
            table.succeeded(&attempt, &limits, at(number.into()));
            assert_eq!(table.admit(&attempt, &limits, at(number.into())), Admission::Admitted);
        }
        table.clear(&AccountKey::from_bytes([0; 32]));
        assert_eq!((table.counters.len(), table.clients.len(), table.by_expiry.len()), (10, 20, 30));
        table.remove_expired(at(i64::MAX), u32::MAX);
        assert_eq!((table.counters.len(), table.clients.len(), table.by_expiry.len()), (0, 0, 0));
    }
}
