use std::sync::{Arc, Mutex, MutexGuard};

use auth_runtime::{
    clock::{Clock, SystemClock, UnixTime},
    error::StoreError,
    store::BoxFuture,
};

use super::{
    accounts::AccountRow,
    api_keys::KeyRow,
    attempts::{ClientRow, CounterRow},
    members::Members,
    one_time::OneTimeRow,
    session_rows::{RevocationRow, SessionRow, TokenRow},
};

/// A store that keeps its rows in lists and searches them from the beginning.
#[derive(Clone)]
pub(super) struct OwnStore {
    pub(super) members: Members,
    pub(super) clock: Arc<dyn Clock>,
    tables: Arc<Mutex<Tables>>,
}

/// The rows. They hold texts, numbers and bytes only, as a database would.
#[derive(Default)]
pub(super) struct Tables {
    pub(super) accounts: Vec<AccountRow>,
    /// The keys of user names that were given up, and the account that may take each of them back.
    pub(super) retired: Vec<(String, Option<String>)>,
    pub(super) sessions: Vec<SessionRow>,
    pub(super) tokens: Vec<TokenRow>,
    pub(super) revocations: Vec<RevocationRow>,
    pub(super) last_position: u64,
    pub(super) counters: Vec<CounterRow>,
    pub(super) clients: Vec<ClientRow>,
    pub(super) one_time: Vec<OneTimeRow>,
    pub(super) keys: Vec<KeyRow>,
}

pub(super) type Answer<'a, T, E = StoreError> = BoxFuture<'a, Result<T, E>>;

impl OwnStore {
    pub(super) fn new(members: Members) -> Self {
        Self::with_clock(members, Arc::new(SystemClock::new()))
    }

    pub(super) fn with_clock(members: Members, clock: Arc<dyn Clock>) -> Self {
        Self { members, clock, tables: Arc::default() }
    }

    pub(super) fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap()
    }
}

pub(super) fn at(seconds: i64) -> UnixTime {
    UnixTime::from_seconds(seconds)
}

pub(super) fn refused(cause: &'static str) -> StoreError {
    StoreError::new("own", cause)
}

/// Removes up to `limit` rows that match, those with the smallest key first. Returns the removed rows.
pub(super) fn remove<R, K: Ord>(
    rows: &mut Vec<R>,
    limit: u32,
    matches: impl Fn(&R) -> bool,
    key: impl Fn(&R) -> K,
) -> Vec<R> {
    let mut removed = Vec::new();
    while removed.len() < limit as usize {
        let due = rows.iter().enumerate().filter(|(_, row)| matches(row)).min_by_key(|(_, row)| key(row));
        let Some((index, _)) = due else { break };
        removed.push(rows.remove(index));
    }
    removed
}
