//! A cluster with a node that fails.

use super::*;
use crate::{
    clock::manual::ManualClock,
    limit::{AddressKey, Limiter, redis::server::free_port, testing::Log},
};

const ROOMY: PreparedLimit =
    PreparedLimit::new(Limit::new(Quota::per_minute(1_000_000), LimitKey::Address), "nodes", 0);

/// The time in which a healthy node answers on a busy machine. A request to a dead node waits for so long.
const TIMEOUT: Duration = Duration::from_millis(300);

/// A cluster of three nodes without replicas, for one test.
pub(super) struct OwnCluster(pub(super) [Server; 3]);

/// The slots from one node to the next.
const THIRD: u16 = 5_462;

impl OwnCluster {
    pub(super) async fn start() -> Option<Self> {
        let node = || {
            let bus = free_port().to_string();
            // The other nodes go on to serve their slots.
            let options = ["--cluster-enabled", "yes", "--cluster-port", &bus, "--cluster-node-timeout", "2000"];
            Some((Server::start(&[&options[..], &["--cluster-require-full-coverage", "no"]].concat())?, bus))
        };
        let nodes = [node()?, node()?, node()?];
        for (index, (node, _)) in (0_u16..).zip(&nodes) {
            let (first, last) = (index * THIRD, ((index + 1) * THIRD - 1).min(16_383));
            node.ask::<String>(&format!("CLUSTER ADDSLOTSRANGE {first} {last}")).await;
            node.ask::<String>(&format!("CLUSTER SET-CONFIG-EPOCH {}", index + 1)).await;
            let (first, bus) = &nodes[0];
            node.ask::<String>(&format!("CLUSTER MEET 127.0.0.1 {} {bus}", first.port())).await;
        }
        let end = Instant::now() + Duration::from_secs(20);
        for (node, _) in &nodes {
            loop {
                let info: String = node.ask("CLUSTER INFO").await;
                if info.contains("cluster_state:ok") && info.contains("cluster_slots_assigned:16384") {
                    break;
                }
                assert!(Instant::now() < end, "{info}");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        Some(Self(nodes.map(|(node, _)| node)))
    }

    pub(super) fn url(&self) -> String {
        self.url_with("")
    }

    pub(super) fn url_with(&self, login: &str) -> String {
        let hosts: Vec<_> = self.0.iter().map(|node| format!("127.0.0.1:{}", node.port())).collect();
        format!("redis-cluster://{login}{}", hosts.join(","))
    }
}

/// Requests to the nodes, by a limiter as an application has it.
struct Requests {
    limiter: Limiter,
    /// Callers with counters on the first, the second and the third node.
    callers: [u32; 3],
}

impl Requests {
    fn to(cluster: &OwnCluster) -> Self {
        let limits = RedisLimits::new(&cluster.url(), "nodes").unwrap().with_timeout(TIMEOUT);
        let node = |caller: u32| {
            let charges = [Charge::new(&ROOMY, KeyValue::address(AddressKey::V4(caller)))];
            usize::from(slot(&charging::entries("nodes", &charges)[0].key) / THIRD)
        };
        let callers = [0, 1, 2].map(|wanted| (1..).find(|caller| node(*caller) == wanted).unwrap());
        Self { limiter: Limiter::in_store(Arc::new(limits)).with_timeout(2 * TIMEOUT), callers }
    }

    /// Asks each node, and returns which of them counted.
    async fn ask(&self) -> [bool; 3] {
        [self.ask_node(0).await, self.ask_node(1).await, self.ask_node(2).await]
    }

    async fn ask_node(&self, node: usize) -> bool {
        let mut charges = [Charge::new(&ROOMY, KeyValue::address(AddressKey::V4(self.callers[node])))];
        let _ = self.limiter.charge(&mut charges, &ManualClock::at(1_800_000_000)).await;
        matches!(charges[0].outcome(), Outcome::Counted(_))
    }

    async fn until(&self, wanted: [bool; 3]) {
        let end = Instant::now() + Duration::from_secs(30);
        loop {
            let counted = self.ask().await;
            if counted == wanted {
                return;
            }
            assert!(Instant::now() < end, "{counted:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

const REST: [bool; 3] = [false, true, true];

#[tokio::test]
async fn a_paused_node_costs_the_other_nodes_nothing_and_is_used_again() {
    let Some(cluster) = OwnCluster::start().await else { return };
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let requests = Requests::to(&cluster);
    requests.until([true; 3]).await;
    drop(log.take(""));

    cluster.0[0].signal("-STOP");
    let start = Instant::now();
    // Enough failures in a row for a breaker.
    for _ in 0..20 {
        assert!(!requests.ask_node(0).await);
    }
    for _ in 0..200 {
        assert_eq!(requests.ask().await, REST);
    }
    assert!(start.elapsed() < 5 * TIMEOUT + Duration::from_secs(2), "{:?}", start.elapsed());
    let events = log.take("");
    let lost: Vec<_> = events.iter().filter(|event| event.contains("_lost")).collect();
    assert!(matches!(&lost[..], [one] if one.contains("limit_node_lost")), "{events:?}");
    let port = cluster.0[0].port();
    assert!(lost[0].contains(&format!("node=127.0.0.1:{port}")), "{lost:?}");

    cluster.0[0].signal("-CONT");
    requests.until([true; 3]).await;
    let events = log.take("_back");
    assert!(matches!(&events[..], [one] if one.contains("limit_node_back")), "{events:?}");
}

#[tokio::test]
async fn a_killed_node_costs_the_other_nodes_nothing_and_is_used_again() {
    let Some(mut cluster) = OwnCluster::start().await else { return };
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let requests = Requests::to(&cluster);
    requests.until([true; 3]).await;
    drop(log.take(""));

    cluster.0[0].kill();
    let (start, mut lost) = (Instant::now(), Vec::new());
    while start.elapsed() < Duration::from_secs(3) {
        assert_eq!(requests.ask().await, REST);
        lost.extend(log.take("_lost"));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(matches!(&lost[..], [one] if one.contains("limit_node_lost")), "{lost:?}");

    cluster.0[0].restart();
    requests.until([true; 3]).await;
    let events = log.take("_back");
    assert!(matches!(&events[..], [one] if one.contains("limit_node_back")), "{events:?}");
}
