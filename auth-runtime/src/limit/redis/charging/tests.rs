use super::*;
use crate::{
    limit::{
        KeyValue, PreparedLimit,
        redis::server::Server,
        testing::{
            Random, schedules,
            sequences::{Said, Sequence, by_memory, charges},
        },
    },
    policy::{Limit, LimitKey, Quota},
};

fn named<'c>(sequence: &'c Sequence, picked: &[usize]) -> Entries<'c> {
    entries("test", &charges(sequence, picked))
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
