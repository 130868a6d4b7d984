use auth_runtime::{
    clock::UnixTime,
    store::{AccountKey, Admission, Attempt, AttemptLimits, AttemptStore},
};

use super::store::{Answer, OwnStore, Tables, at, remove};

pub(super) struct CounterRow {
    account: [u8; 32],
    /// `None` counts all clients that are not known.
    client: Option<[u8; 32]>,
    failures: u32,
    expires_at: i64,
}

pub(super) struct ClientRow {
    account: [u8; 32],
    client: [u8; 32],
    expires_at: i64,
}

/// The limits as this store reads them.
struct Limits {
    max_failures: u32,
    cool_down_seconds: i64,
    known_clients: u32,
    known_client_seconds: i64,
}

impl OwnStore {
    fn limits(&self, limits: &AttemptLimits) -> Limits {
        let (members, default) = (&self.members, AttemptLimits::default());
        Limits {
            max_failures: members.keep("AttemptLimits::max_failures", limits.max_failures, default.max_failures),
            cool_down_seconds: members.keep(
                "AttemptLimits::cool_down_seconds",
                limits.cool_down_seconds,
                default.cool_down_seconds,
            ),
            known_clients: members.keep("AttemptLimits::known_clients", limits.known_clients, default.known_clients),
            known_client_seconds: members.keep(
                "AttemptLimits::known_client_seconds",
                limits.known_client_seconds,
                default.known_client_seconds,
            ),
        }
    }

    fn keys(&self, attempt: &Attempt) -> ([u8; 32], [u8; 32]) {
        let account = self.members.keep("Attempt::account", *attempt.account.as_bytes(), [0; 32]);
        (account, self.members.keep("Attempt::client", *attempt.client.as_bytes(), [0; 32]))
    }
}

impl Tables {
    fn is_known(&self, (account, client): ([u8; 32], [u8; 32]), now: i64) -> bool {
        let is_it = |row: &&ClientRow| row.account == account && row.client == client;
        self.clients.iter().find(is_it).is_some_and(|row| row.expires_at > now)
    }

    fn counted_client(&self, keys: ([u8; 32], [u8; 32]), now: i64) -> Option<[u8; 32]> {
        self.is_known(keys, now).then_some(keys.1)
    }
}

impl AttemptStore for OwnStore {
    fn admit_attempt<'a>(
        &'a self,
        attempt: &'a Attempt,
        limits: &'a AttemptLimits,
        now: UnixTime,
    ) -> Answer<'a, Admission> {
        Box::pin(async move {
            let (keys, limits, now) = (self.keys(attempt), self.limits(limits), now.as_seconds());
            let mut tables = self.tables();
            let client = tables.counted_client(keys, now);
            let is_it = |row: &CounterRow| row.account == keys.0 && row.client == client;
            let counter = tables.counters.iter().find(|row| is_it(row) && row.expires_at > now);
            let failures = counter.map_or(0, |row| row.failures);
            if let Some(counter) = counter.filter(|_| failures >= limits.max_failures) {
                let until = self.members.keep("Admission::Locked::until", counter.expires_at, 0);
                return Ok(Admission::locked(at(until)));
            }
            tables.counters.retain(|row| !is_it(row));
            let expires_at = now + limits.cool_down_seconds;
            tables.counters.push(CounterRow { account: keys.0, client, failures: failures + 1, expires_at });
            Ok(Admission::Admitted)
        })
    }

    fn is_known_client<'a>(&'a self, attempt: &'a Attempt, now: UnixTime) -> Answer<'a, bool> {
        Box::pin(async move { Ok(self.tables().is_known(self.keys(attempt), now.as_seconds())) })
    }

    fn attempt_succeeded<'a>(
        &'a self,
        attempt: &'a Attempt,
        limits: &'a AttemptLimits,
        now: UnixTime,
    ) -> Answer<'a, ()> {
        Box::pin(async move {
            let (keys, limits, now) = (self.keys(attempt), self.limits(limits), now.as_seconds());
            let mut tables = self.tables();
            let counted = tables.counted_client(keys, now);
            tables.counters.retain(|row| row.account != keys.0 || row.client != counted);
            tables.clients.retain(|row| row.account != keys.0 || row.client != keys.1);
            let expires_at = now + limits.known_client_seconds;
            tables.clients.push(ClientRow { account: keys.0, client: keys.1, expires_at });
            let known = tables.clients.iter().filter(|row| row.account == keys.0).count();
            let excess = u32::try_from(known).unwrap().saturating_sub(limits.known_clients);
            remove(&mut tables.clients, excess, |row| row.account == keys.0, |row| row.expires_at);
            Ok(())
        })
    }

    fn withdraw_attempt<'a>(&'a self, attempt: &'a Attempt, now: UnixTime) -> Answer<'a, ()> {
        Box::pin(async move {
            let (keys, now) = (self.keys(attempt), now.as_seconds());
            let mut tables = self.tables();
            let client = tables.counted_client(keys, now);
            let is_it = |row: &&mut CounterRow| row.account == keys.0 && row.client == client && row.expires_at > now;
            if let Some(counter) = tables.counters.iter_mut().find(is_it) {
                counter.failures = counter.failures.saturating_sub(1);
            }
            Ok(())
        })
    }

    fn clear_attempts<'a>(&'a self, account: &'a AccountKey) -> Answer<'a, ()> {
        Box::pin(async move {
            self.tables().counters.retain(|row| row.account != *account.as_bytes());
            Ok(())
        })
    }

    fn locked_until<'a>(
        &'a self,
        accounts: &'a [AccountKey],
        limits: &'a AttemptLimits,
        now: UnixTime,
    ) -> Answer<'a, Vec<Option<UnixTime>>> {
        Box::pin(async move {
            let (tables, limits, now) = (self.tables(), self.limits(limits), now.as_seconds());
            let until = |account: &AccountKey| {
                let rows = tables.counters.iter().filter(|row| row.account == *account.as_bytes());
                let full = rows.filter(|row| row.failures >= limits.max_failures && row.expires_at > now);
                full.map(|row| row.expires_at).max().map(at)
            };
            Ok(accounts.iter().map(until).collect())
        })
    }

    fn forget<'a>(&'a self, account: &'a AccountKey) -> Answer<'a, ()> {
        Box::pin(async move {
            let mut tables = self.tables();
            tables.counters.retain(|row| row.account != *account.as_bytes());
            tables.clients.retain(|row| row.account != *account.as_bytes());
            Ok(())
        })
    }

    fn remove_expired_attempts(&self, now: UnixTime, limit: u32) -> Answer<'_, u64> {
        Box::pin(async move {
            let (mut tables, now) = (self.tables(), now.as_seconds());
            let counters = remove(&mut tables.counters, limit, |row| row.expires_at <= now, |row| row.expires_at);
            let left = limit - u32::try_from(counters.len()).unwrap();
            let clients = remove(&mut tables.clients, left, |row| row.expires_at <= now, |row| row.expires_at);
            Ok((counters.len() + clients.len()) as u64)
        })
    }
}
