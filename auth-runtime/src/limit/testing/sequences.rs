//! Random sequences of requests, and what memory says to them: a store elsewhere has to say the same.

use super::{At, Random};
use crate::{
    limit::{Charge, KeyValue, LimitStore as _, MemoryLimits, PreparedLimit, Verdict},
    policy::{Limit, LimitKey, Quota},
};

const HIGHEST: u64 = i64::MAX as u64;

/// Returns a number of any size: each number of digits is as likely as the others.
fn sized(random: &mut Random, most: u64) -> u64 {
    let bits = random.below(65 - u64::from(most.leading_zeros()));
    random.below((1_u64 << bits.min(63)).saturating_mul(2)).min(most)
}

fn u32_sized(random: &mut Random) -> u32 {
    sized(random, u32::MAX.into()).max(1) as u32
}

/// Returns a quota of any size. Each has its own name, so that no two sequences share a counter.
fn limit(random: &mut Random, index: u32) -> PreparedLimit {
    let quota = match random.below(3) {
        0 => Quota::in_seconds(u32_sized(random), u32_sized(random)).with_burst(u32_sized(random)),
        1 => Quota::in_seconds(1 + random.below(20) as u32, 1 + random.below(60) as u32),
        _ => Quota::in_seconds(u32_sized(random), 1 + random.below(3) as u32).with_burst(1 + random.below(5) as u32),
    };
    let cost = if random.below(3) == 0 { u32_sized(random) } else { 1 + random.below(3) as u32 };
    let cost = cost.min(quota.burst().get());
    let limit = Limit::new(quota, LimitKey::Global).with_cost(cost).with_shadow(random.below(4) == 0);
    PreparedLimit::new(limit, "differential", index)
}

/// Returns a time of any size, or soon after the last one. Many pauses end at the nanosecond at which a decision
/// changes.
fn time(random: &mut Random, last: u64, interval: u64) -> u64 {
    let later = match random.below(12) {
        0 => 0,
        1 | 2 => interval,
        3 | 4 => interval.saturating_sub(1),
        5 | 6 => random.below(interval.saturating_mul(3)),
        7 => interval.saturating_mul(random.below(5)),
        8 => return sized(random, u64::MAX),
        // The clock goes back, by more than memory takes for the delay of a thread.
        9 => return last.saturating_sub(1_000_000_001).saturating_sub(random.below(interval)),
        _ => random.below(interval).saturating_add(1),
    };
    last.saturating_add(later)
}

/// What a sequence of requests asks: one to three limits each, some of them with the same counter.
pub(in crate::limit) struct Sequence {
    pub(in crate::limit) limits: Vec<PreparedLimit>,
    pub(in crate::limit) asked: Vec<(u64, Vec<usize>)>,
}

impl Sequence {
    pub(in crate::limit) fn new(random: &mut Random, number: u32) -> Self {
        let limits: Vec<_> = (0..1 + random.below(3) as u32).map(|index| limit(random, number * 3 + index)).collect();
        let interval = limits[0].rate().interval().as_nanos() as u64;
        let mut now = sized(random, HIGHEST);
        let mut next = |random: &mut Random| {
            // Below a second, a time that goes back would be the delay of a thread to memory.
            now = time(random, now, interval);
            let limits = (0..1 + random.below(3)).map(|_| random.below(limits.len() as u64) as usize).collect();
            (now, limits)
        };
        let asked = (0..4).map(|_| next(random)).collect();
        Self { limits, asked }
    }
}

/// What a store says of each charge of a request.
pub(in crate::limit) type Said = Vec<Option<Verdict>>;

pub(in crate::limit) fn charges<'c>(sequence: &'c Sequence, picked: &[usize]) -> Vec<Charge<'c>> {
    picked.iter().map(|index| Charge::new(&sequence.limits[*index], KeyValue::GLOBAL)).collect()
}

/// Asks memory. One shard, so that all counters see the same time.
pub(in crate::limit) fn by_memory(sequence: &Sequence) -> Vec<(u64, Said)> {
    let memory = MemoryLimits::for_keys(64);
    let mut latest = 0_u64;
    let mut ask = |(now, picked): &(u64, Vec<usize>)| {
        let mut charges = charges(sequence, picked);
        drop(memory.charge(&mut charges, &At(*now)));
        // Memory takes a lag of at most a second for the delay of a thread.
        latest = if latest.saturating_sub(*now) > 1_000_000_000 { *now } else { latest.max(*now) };
        (latest.min(HIGHEST), charges.iter().map(Charge::verdict).collect())
    };
    sequence.asked.iter().map(&mut ask).collect()
}
