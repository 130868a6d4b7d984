//! Limits in several slots of a cluster, and slots that move.

use redis::Value;

use super::*;
use crate::limit::redis::{
    charging::Key,
    server::{address_of, program},
    slots::{self, SLOTS},
};

/// Returns counters on the cluster of `scripts/services`, under a prefix of this test's own.
fn on_cluster(test: &str) -> Option<RedisLimits> {
    let url = program("AUTH_TESTS_REDIS_CLUSTER", "tests against a Redis Cluster")?;
    let prefix = format!("{test}-{}", std::process::id());
    Some(RedisLimits::new(&url, &prefix).unwrap().with_timeout(PATIENCE))
}

/// Returns the slots of the limits' counters.
fn slots_of(limits: &RedisLimits, asked: &[&PreparedLimit]) -> Vec<u16> {
    let charges: Vec<_> = asked.iter().map(|limit| Charge::new(limit, KeyValue::GLOBAL)).collect();
    charging::entries(&limits.prefix, &charges).iter().map(|entry| slot(&entry.key)).collect()
}

#[tokio::test]
async fn limits_in_several_slots_are_charged_together_or_not_at_all() {
    let Some(limits) = on_cluster("together") else { return };
    limits.check().await.unwrap();
    let slots = slots_of(&limits, &[&TEN, &TWO]);
    assert_ne!(slots[0], slots[1]);
    for rest in [(9, 1), (8, 0)] {
        let outcomes = ask(&limits, &[&TEN, &TWO]).await.unwrap();
        assert_eq!((left(outcomes[0]), left(outcomes[1])), ((true, rest.0), (true, rest.1)));
    }
    let outcomes = ask(&limits, &[&TEN, &TWO]).await.unwrap();
    assert_eq!((left(outcomes[0]), left(outcomes[1])), ((true, 8), (false, 0)));
    // The refund follows in the background. The time since the charge is not given back, but it has passed, too.
    let end = Instant::now() + PATIENCE;
    let other = on_cluster("together").unwrap();
    while left(ask(&other, &[&TEN, &TEN, &TEN, &TEN, &TEN, &TEN, &TEN, &TEN, &TEN]).await.unwrap()[0]).1 != 8 {
        assert!(Instant::now() < end, "the charge was not taken back");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A request that another limit refuses is charged for a moment. A refusal in that moment must not last.
#[tokio::test]
async fn a_refusal_is_forgotten_when_refunds_have_arrived() {
    const TWO_AN_HOUR: PreparedLimit =
        PreparedLimit::new(Limit::new(Quota::per_hour(2), LimitKey::Global), "refunds", 0);
    let (Some(one), Some(other)) = (on_cluster("refunds"), on_cluster("refunds")) else { return };
    for _ in 0..2 {
        assert!(left(ask(&one, &[&TWO_AN_HOUR]).await.unwrap()[0]).0);
    }
    let clock = SystemClock::new();
    let is_refused = async || {
        let mut charges = [Charge::new(&TWO_AN_HOUR, KeyValue::GLOBAL)];
        if let Answer::Pending(answer) = other.charge(&mut charges, &clock) {
            answer.await.unwrap();
        }
        charges[0].refuses()
    };
    assert!(is_refused().await);
    let slot = slots_of(&one, &[&TWO_AN_HOUR])[0];
    let charges = [Charge::new(&TWO_AN_HOUR, KeyValue::GLOBAL)];
    let key = charging::entries(&one.prefix, &charges)[0].key.clone();
    two_nodes(slot).await.0.ask(&format!("DEL {}", str::from_utf8(&key).unwrap())).await;
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    assert!(!is_refused().await);
}

#[tokio::test]
async fn a_slot_that_moves_during_the_run_loses_no_counter() {
    let Some(limits) = on_cluster("moves") else { return };
    let twenty: PreparedLimit = PreparedLimit::new(Limit::new(Quota::per_hour(20), LimitKey::Global), "moves", 0);
    let slot = slots_of(&limits, &[&twenty])[0];
    let mut rest = 20;
    let mut count = async |times: u32| {
        for _ in 0..times {
            rest -= 1;
            assert_eq!(left(ask(&limits, &[&twenty]).await.unwrap()[0]), (true, rest));
        }
    };
    count(3).await;
    let (source, target) = two_nodes(slot).await;
    let (from, to) = (source.id().await, target.id().await);
    target.ask(&format!("CLUSTER SETSLOT {slot} IMPORTING {from}")).await;
    source.ask(&format!("CLUSTER SETSLOT {slot} MIGRATING {to}")).await;
    count(3).await;
    let Value::Array(keys) = source.ask(&format!("CLUSTER GETKEYSINSLOT {slot} 10")).await else { panic!() };
    for key in keys {
        let key: String = redis::from_redis_value(key).unwrap();
        source.ask(&format!("MIGRATE 127.0.0.1 {} {key} 0 5000", target.port())).await;
    }
    // The counter is on the other node already: the first node says so by ASK.
    count(3).await;
    for node in [&target, &source] {
        node.ask(&format!("CLUSTER SETSLOT {slot} NODE {to}")).await;
    }
    // Now it says so by MOVED.
    count(3).await;
}

/// A node of the cluster, by its own address.
struct Node(String, u16);

impl Node {
    async fn ask(&self, command: &str) -> Value {
        let mut connection =
            redis::Client::open((&*self.0, self.1)).unwrap().get_multiplexed_async_connection().await.unwrap();
        let mut parts = redis::Cmd::new();
        command.split(' ').for_each(|part| {
            parts.arg(part);
        });
        parts.query_async(&mut connection).await.unwrap()
    }

    async fn id(&self) -> String {
        redis::from_redis_value(self.ask("CLUSTER MYID").await).unwrap()
    }

    fn port(&self) -> u16 {
        self.1
    }
}

/// Returns the node that answers for a slot, and another one.
async fn two_nodes(slot: u16) -> (Node, Node) {
    let url = program("AUTH_TESTS_REDIS_CLUSTER", "").unwrap();
    let (host, port) = address_of(&url);
    let ranges = Node(host.clone(), port).ask("CLUSTER SLOTS").await;
    let asked = crate::limit::redis::url::Address::Tcp(host, port);
    let ranges = slots::read(&ranges, &asked).unwrap();
    assert!(ranges.iter().all(|(_, last, _)| usize::from(*last) < SLOTS));
    let node = |owns: bool| {
        let owner = ranges.iter().find(|(first, last, _)| (*first..=*last).contains(&slot)).unwrap().2.clone();
        let found = ranges.iter().find(|(_, _, node)| (*node == owner) == owns).unwrap();
        let crate::limit::redis::url::Address::Tcp(host, port) = found.2.clone() else { panic!() };
        Node(host, port)
    };
    (node(true), node(false))
}

/// A refund gives back at most the part of the bucket that the charge still holds, despite later charges.
#[tokio::test]
async fn a_refund_lets_no_request_pass_that_the_limit_forbids() {
    let Some(server) = Server::start(&[]) else { return };
    let mut connection = server.connect().await;
    let (charge, refund) = (Script::charge_at_a_time(), Script::refund_at_a_time());
    for script in [&charge, &refund] {
        redis::cmd("SCRIPT").arg("LOAD").arg(&script.text).exec_async(&mut connection).await.unwrap();
    }
    let limit = PreparedLimit::new(Limit::new(Quota::per_minute(60).with_burst(3), LimitKey::Global), "refund", 0);
    let mut random = crate::limit::testing::Random::new(6);
    let mut gave_back = 0;
    for round in 0..1_000 {
        let entries = charging::entries(&format!("r{round}"), &[Charge::new(&limit, KeyValue::GLOBAL)]);
        let key: Key = entries[0].key.clone();
        // The state that the counter would have without the charge that is taken back.
        let (mut without, mut now) = (0_u64, 1_800_000_000_000_000_000_u64);
        let mut pending: Option<charging::Time> = None;
        for _ in 0..12 {
            now += random.below(1_500_000_000);
            let time = [now / 1_000_000_000, now % 1_000_000_000];
            match (random.below(3), pending) {
                (0, Some(at)) => {
                    let mut call = charging::refund(&refund, &[(key.clone(), limit.price())], at);
                    call.arg(&time[..]);
                    gave_back += call.query_async::<i64>(&mut connection).await.unwrap();
                    pending = None;
                }
                (kind, _) => {
                    let mut call = charging::call(&charge, &entries);
                    call.arg(&time[..]);
                    let answered = Answered::read(&call.query_async(&mut connection).await.unwrap(), 1).unwrap();
                    if !answered.admitted {
                        continue;
                    }
                    if kind == 0 && pending.is_none() {
                        pending = Some(answered.at);
                        continue;
                    }
                    let step = limit.rate().decide(without, Monotonic::from_nanos(now), limit.cost());
                    assert!(step.verdict.is_allowed(), "round {round}: admitted beyond the limit at {now}");
                    without = step.tat;
                }
            }
        }
    }
    assert!(gave_back > 500, "{gave_back}");
}
