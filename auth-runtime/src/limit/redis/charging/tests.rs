use super::*;
use crate::{
    limit::{
        KeyValue, LimitStore as _, MemoryLimits, PreparedLimit,
        redis::server::Server,
        testing::{At, Random, schedules},
    },
    policy::{Limit, LimitKey, Quota},
};

const HIGHEST: u64 = i64::MAX as u64;

/// A number of any size: each number of digits is as likely as the others.
fn sized(random: &mut Random, most: u64) -> u64 {
    let bits = random.below(65 - u64::from(most.leading_zeros()));
    random.below((1_u64 << bits.min(63)).saturating_mul(2)).min(most)
}

fn u32_sized(random: &mut Random) -> u32 {
    sized(random, u32::MAX.into()).max(1) as u32
}

/// A quota of any size. Each has its own name, so that no two sequences share a counter.
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

/// A time of any size, or soon after the last one. Many pauses end at the nanosecond at which a decision changes.
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
struct Sequence {
    limits: Vec<PreparedLimit>,
    asked: Vec<(u64, Vec<usize>)>,
}

impl Sequence {
    fn new(random: &mut Random, number: u32) -> Self {
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

/// What memory and the script say of each charge of a request.
type Said = Vec<Option<Verdict>>;

fn charges<'c>(sequence: &'c Sequence, picked: &[usize]) -> Vec<Charge<'c>> {
    picked.iter().map(|index| Charge::new(&sequence.limits[*index], KeyValue::GLOBAL)).collect()
}

fn named<'c>(sequence: &'c Sequence, picked: &[usize]) -> Entries<'c> {
    entries("test", &charges(sequence, picked))
}

/// Asks memory. One shard, so that all counters see the same time.
fn by_memory(sequence: &Sequence) -> Vec<(u64, Said)> {
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

#[tokio::test]
async fn memory_and_the_script_give_the_same_answers() {
    let Some(server) = Server::start(&[]) else { return };
    let mut connection = server.connect().await;
    let script = Script::charge_at_a_time();
    let mut random = Random::new(5);
    let _: String = redis::cmd("SCRIPT").arg("LOAD").arg(&script.text).query_async(&mut connection).await.unwrap();
    let all = schedules(100_000) as u32;
    let (mut refused, mut clipped) = (0_u64, 0_u64);
    for batch in 0..all.div_ceil(1_000) {
        let sequences: Vec<_> = (0..1_000).map(|one| Sequence::new(&mut random, batch * 1_000 + one)).collect();
        let expected: Vec<_> = sequences.iter().map(by_memory).collect();
        let mut calls = redis::pipe();
        for (sequence, expected) in sequences.iter().zip(&expected) {
            for ((_, picked), (now, _)) in sequence.asked.iter().zip(expected) {
                let mut call = call(&script, &named(sequence, picked));
                call.arg(now / SECOND).arg(now % SECOND);
                calls.add_command(call);
            }
        }
        calls.cmd("FLUSHALL");
        let answers: Vec<Value> = calls.query_async(&mut connection).await.unwrap();
        let mut answers = answers.iter();
        for (sequence, expected) in sequences.iter().zip(&expected) {
            for ((_, picked), (now, said)) in sequence.asked.iter().zip(expected) {
                let entries = named(sequence, picked);
                let answered = Answered::read(answers.next().unwrap(), entries.len()).unwrap();
                let shown = shown(&entries, &answered);
                assert_eq!(&shown, said, "at {now}: {picked:?} of {:?}", sequence.limits);
                refused += u64::from(!answered.admitted);
                clipped +=
                    u64::from(shown.iter().flatten().any(|verdict| verdict.remaining() == 0 && !verdict.is_allowed()));
            }
        }
    }
    assert!(
        refused > u64::from(all) / 4 && clipped > u64::from(all) / 8,
        "{refused} refused, {clipped} with nothing left"
    );
}

fn shown(entries: &[Entry<'_>], answered: &Answered) -> Said {
    let uncharged = |(entry, verdict): (&Entry<'_>, Verdict)| {
        Some(if answered.admitted { verdict } else { verdict.uncharged(entry.charge.limit().price()) })
    };
    entries.iter().zip(answered.verdicts(entries).unwrap()).map(uncharged).collect()
}

#[test]
fn an_answer_of_another_form_is_not_understood() {
    let numbers = |numbers: &[i64]| Value::Array(numbers.iter().map(|number| Value::Int(*number)).collect());
    assert!(Answered::read(&numbers(&[1, 5, 6, 0, 0]), 1).is_ok());
    for garbage in [
        Value::Nil,
        Value::Okay,
        Value::Int(1),
        Value::BulkString(b"1".to_vec()),
        numbers(&[]),
        numbers(&[1, 5, 6]),
        numbers(&[2, 5, 6, 0, 0]),
        numbers(&[1, 5, 6, 0]),
        numbers(&[1, 5, 6, -1, 0]),
        numbers(&[1, 5, 6, i64::MAX, 0]),
        numbers(&[1, 5, 6, 0, 0, 0, 0]),
        Value::Array(vec![Value::Int(1), Value::Int(5), Value::Int(6), Value::Nil, Value::Int(0)]),
    ] {
        assert_eq!(Answered::read(&garbage, 1).unwrap_err(), RedisLimitsError::Unintelligible, "{garbage:?}");
    }
}

#[test]
fn an_answer_that_contradicts_itself_is_not_understood() {
    let limit = PreparedLimit::new(Limit::new(Quota::per_minute(1), LimitKey::Global), "tests", 0);
    let entries = entries("test", &[Charge::new(&limit, KeyValue::GLOBAL)]);
    for (admitted, debt, understood) in [(1, 0, true), (1, 30, false), (0, 30, true), (0, 0, false)] {
        let numbers = [admitted, 5, 6, debt, 0].map(Value::Int);
        let answered = Answered::read(&Value::Array(numbers.to_vec()), 1).unwrap();
        assert_eq!(answered.verdicts(&entries).is_ok(), understood, "{admitted} {debt}");
    }
}
