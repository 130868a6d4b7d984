use redis::{Cmd, Value};
use smallvec::SmallVec;

use super::{RedisLimitsError, script::Script};
use crate::limit::{
    Charge, Verdict,
    counter::{counter, verdicts},
};

/// The name of one counter.
pub(super) type Key = SmallVec<[u8; 64]>;

/// The version of the counters' form. It belongs to their names, so that processes of two versions of this crate never
/// read each other's counters.
const VERSION: &str = ":1:";

/// A charge with the name of its counter.
pub(super) struct Entry<'r> {
    pub(super) key: Key,
    pub(super) charge: Charge<'r>,
    /// The place among the charges of the request.
    pub(super) place: usize,
}

/// The charges of one call.
pub(super) type Entries<'r> = SmallVec<[Entry<'r>; 4]>;

/// Names the counters of a request's charges.
pub(super) fn entries<'r>(prefix: &str, charges: &[Charge<'r>]) -> Entries<'r> {
    charges.iter().enumerate().map(|(place, charge)| Entry::new(prefix, *charge, place)).collect()
}

impl<'r> Entry<'r> {
    /// Names the counter of a charge: the application's prefix, the version, and the hash of limit and value.
    fn new(prefix: &str, charge: Charge<'r>, place: usize) -> Self {
        let mut key = beginning(prefix);
        for byte in counter(&charge) {
            key.extend_from_slice(&hexadecimal(byte));
        }
        Self { key, charge, place }
    }
}

fn beginning(prefix: &str) -> Key {
    let mut key = Key::from_slice(prefix.as_bytes());
    key.extend_from_slice(VERSION.as_bytes());
    key
}

fn hexadecimal(byte: u8) -> [u8; 2] {
    [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16).map_or(b'0', |digit| digit as u8))
}

/// Returns the call that charges the limits.
pub(super) fn call(script: &Script, entries: &[Entry<'_>]) -> Cmd {
    let mut call = evaluation(script, entries.iter().map(|entry| &entry.key));
    for limit in entries.iter().map(|entry| entry.charge.limit()) {
        pair(&mut call, limit.price());
        pair(&mut call, limit.rate().tolerance().as_nanos() as u64);
        call.arg(u8::from(limit.is_shadow()));
    }
    call
}

/// Returns a call that reads and writes like a charge, under a name that is no counter's, and the name.
pub(super) fn trial(script: &Script, prefix: &str) -> (Cmd, Key) {
    let mut key = beginning(prefix);
    key.extend_from_slice(b"check");
    (trial_of(script, &key), key)
}

/// Returns a call that reads and writes in the slot of a counter, without the counter: what stands in braces decides on
/// the slot.
pub(super) fn trial_beside(script: &Script, prefix: &str, counter: &Key) -> Cmd {
    let mut key = beginning(prefix);
    key.extend_from_slice(b"check{");
    key.extend_from_slice(counter);
    key.push(b'}');
    trial_of(script, &key)
}

fn trial_of(script: &Script, key: &Key) -> Cmd {
    let mut call = evaluation(script, [key].into_iter());
    call.arg(0).arg(0).arg(0).arg(0).arg(0);
    call
}

/// Returns the call that takes the prices of counters back which were charged `at` this time.
pub(super) fn refund(script: &Script, charged: &[(Key, u64)], at: Time) -> Cmd {
    let mut call = evaluation(script, charged.iter().map(|(key, _)| key));
    call.arg(at.seconds).arg(at.nanos);
    charged.iter().for_each(|(_, price)| pair(&mut call, *price));
    call
}

fn evaluation<'k>(script: &Script, keys: impl ExactSizeIterator<Item = &'k Key>) -> Cmd {
    let mut call = Cmd::with_capacity(16, 512);
    call.arg("EVALSHA").arg(&script.name);
    call.arg(keys.len());
    for key in keys {
        call.arg(key.as_slice());
    }
    call
}

const SECOND: u64 = 1_000_000_000;

fn pair(call: &mut Cmd, nanos: u64) {
    call.arg(nanos / SECOND).arg(nanos % SECOND);
}

/// A time on the server's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Time {
    pub(super) seconds: i64,
    pub(super) nanos: i64,
}

/// The server's answer to the charges of one call.
#[derive(Debug)]
pub(super) struct Answered {
    /// The server's time.
    pub(super) at: Time,
    /// Whether the server has charged the limits.
    pub(super) admitted: bool,
    /// The debt of each counter before the charge, in nanoseconds.
    debts: SmallVec<[u64; 4]>,
}

impl Answered {
    /// Reads the answer to a call for `charges` limits.
    pub(super) fn read(value: &Value, charges: usize) -> Result<Self, RedisLimitsError> {
        Self::numbers(value, charges).ok_or(RedisLimitsError::Unintelligible)
    }

    fn numbers(value: &Value, charges: usize) -> Option<Self> {
        let Value::Array(values) = value else { return None };
        let numbers: Option<SmallVec<[i64; 12]>> =
            values.iter().map(|value| if let Value::Int(number) = value { Some(*number) } else { None }).collect();
        let numbers = numbers?;
        let [admitted @ (0 | 1), seconds, nanos, debts @ ..] = &*numbers else { return None };
        let debts: Option<SmallVec<[u64; 4]>> = debts.chunks(2).map(nanoseconds).collect();
        let debts = debts.filter(|debts| debts.len() == charges)?;
        Some(Self { at: Time { seconds: *seconds, nanos: *nanos }, admitted: *admitted == 1, debts })
    }

    /// Decides on each charge, as the script has decided.
    pub(super) fn verdicts(&self, entries: &[Entry<'_>]) -> Result<SmallVec<[Verdict; 4]>, RedisLimitsError> {
        let limits = entries.iter().map(|entry| entry.charge.limit());
        verdicts(limits, &self.debts, self.admitted).ok_or(RedisLimitsError::Unintelligible)
    }
}

fn nanoseconds(pair: &[i64]) -> Option<u64> {
    let [seconds, nanos] = pair else { return None };
    let (seconds, nanos) = (u64::try_from(*seconds).ok()?, u64::try_from(*nanos).ok()?);
    seconds.checked_mul(SECOND)?.checked_add(nanos)
}

#[cfg(test)]
mod tests;
