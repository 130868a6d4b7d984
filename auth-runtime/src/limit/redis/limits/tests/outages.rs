//! Each fault of a server under each mode: what a request gets, how long it waits, and how the fault ends.

use super::{
    stand_in::{Garbage, StandIn},
    *,
};
use crate::{
    clock::manual::ManualClock,
    limit::{Limiter, testing::Log},
    policy::OnOutage,
};

const fn limit(on_outage: OnOutage, index: u32) -> PreparedLimit {
    let quota = Quota::per_minute(1_000_000);
    PreparedLimit::new(Limit::new(quota, LimitKey::Global).with_outage(on_outage), "outages", index)
}

pub(super) const LOCAL: PreparedLimit = limit(OnOutage::Local, 0);
const DENY: PreparedLimit = limit(OnOutage::Deny, 1);
const ALLOW: PreparedLimit = limit(OnOutage::Allow, 2);

/// What a request costs until the breaker opens, in the words of the guide.
const AT_ONCE: &str = "at once";
const A_TIME_OUT: &str = "45 ms each";

/// The faults, as the guide's table has them. Each is tried below.
const FAULTS: [(&str, &str); 14] = [
    ("full", AT_ONCE),
    ("read-only", AT_ONCE),
    ("forbidden", AT_ONCE),
    ("emptied and full", AT_ONCE),
    ("busy", AT_ONCE),
    ("killed", AT_ONCE),
    ("wrong password", AT_ONCE),
    ("no Redis", AT_ONCE),
    ("an answer too short", AT_ONCE),
    ("an answer of nothing", AT_ONCE),
    ("loading", AT_ONCE),
    ("slow", A_TIME_OUT),
    ("paused", A_TIME_OUT),
    ("paused before the start", A_TIME_OUT),
];

#[test]
fn the_guide_shows_each_fault_that_is_tried() {
    let page = include_str!("../../../../../docs/guide/redis.md");
    let table = page.split("| fault | the first requests |\n|---|---|\n").nth(1).unwrap();
    let shown: Vec<_> = table.lines().take_while(|line| line.starts_with('|')).collect();
    assert_eq!(shown, FAULTS.map(|(fault, cost)| format!("| {fault} | {cost} |")));
    for (fault, _) in FAULTS {
        let uses = include_str!("outages.rs").matches(&format!("\"{fault}\"")).count();
        assert!(uses > 1, "{fault} is not tried");
    }
}

/// Requests during the fault, of each mode.
const ASKED: u32 = 100;

/// The five time-outs after which the store is not asked, and time for a machine under load.
const AT_MOST: Duration = Duration::from_secs(3);

pub(super) struct Tried {
    pub(super) limiter: Limiter,
    pub(super) clock: ManualClock,
    log: Log,
}

impl Tried {
    pub(super) fn at(url: &str) -> Self {
        let limiter = Limiter::in_store(Arc::new(RedisLimits::new(url, "tests").unwrap()));
        Self { limiter, clock: ManualClock::at(1_800_000_000), log: Log::default() }
    }

    pub(super) async fn ask(&self, limit: &'static PreparedLimit) -> Outcome {
        let _guard = tracing::subscriber::set_default(self.log.clone());
        let mut charges = [Charge::new(limit, KeyValue::GLOBAL)];
        let _ = self.limiter.charge(&mut charges, &self.clock).await;
        charges[0].outcome()
    }

    /// Asks while the server has a fault. Each mode holds from the first request on, and the operator hears of it once.
    async fn during(&self, fault: &str) {
        let start = Instant::now();
        for _ in 0..ASKED {
            let outcomes = [self.ask(&LOCAL).await, self.ask(&DENY).await, self.ask(&ALLOW).await];
            // A server that cannot be reached counts as one failure in a tenth of a second.
            self.clock.advance(Duration::from_millis(10));
            assert!(
                matches!(outcomes, [Outcome::Local(_), Outcome::Unavailable, Outcome::Uncounted]),
                "{fault}: {outcomes:?}"
            );
        }
        let took = start.elapsed();
        let (_, cost) = FAULTS.into_iter().find(|(name, _)| *name == fault).expect("a fault of the table");
        let at_least = if cost == A_TIME_OUT { 5 * TIMEOUT } else { Duration::ZERO };
        assert!(took >= at_least && took < AT_MOST, "{fault}: {ASKED} requests took {took:?}");
        assert_eq!(self.log.take("limit_store_lost").len(), 1, "{fault}");
    }

    /// Asks until the store counts. On a machine under load, the first connection may take longer than a request waits.
    pub(super) async fn after_start(&self) {
        self.until_counted("start").await;
        drop(self.log.take(""));
    }

    /// The store is used again, and the operator hears of it once.
    async fn after(&self, fault: &str) {
        self.until_counted(fault).await;
        assert_eq!(self.log.take("limit_store_back").len(), 1, "{fault}");
        assert!(matches!(self.ask(&DENY).await, Outcome::Counted(_)), "{fault}");
    }

    async fn until_counted(&self, fault: &str) {
        let end = Instant::now() + Duration::from_secs(20);
        while !matches!(self.ask(&LOCAL).await, Outcome::Counted(_)) {
            assert!(Instant::now() < end, "{fault}: the store is not used again");
            self.clock.advance(Duration::from_secs(1));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// The servers' faults that a command makes and another one ends.
const BY_COMMAND: [(&str, &[&str], &[&str]); 4] = [
    ("full", &["CONFIG SET maxmemory 1"], &["CONFIG SET maxmemory 0"]),
    ("read-only", &["REPLICAOF 127.0.0.1 1"], &["REPLICAOF NO ONE"]),
    ("forbidden", &["ACL SETUSER default -set"], &["ACL SETUSER default +set"]),
    ("emptied and full", &["FLUSHALL", "SCRIPT FLUSH", "CONFIG SET maxmemory 1"], &["CONFIG SET maxmemory 0"]),
];

#[tokio::test]
async fn a_server_that_refuses_is_told_by_each_mode() {
    let Some(server) = Server::start(&[]) else { return };
    for (fault, begin, end) in BY_COMMAND {
        let tried = Tried::at(&server.url());
        tried.after_start().await;
        for command in begin {
            server.ask::<redis::Value>(command).await;
        }
        tried.during(fault).await;
        for command in end {
            server.ask::<redis::Value>(command).await;
        }
        tried.after(fault).await;
    }
}

#[tokio::test]
async fn a_killed_server_that_restarts_empty_counts_anew() {
    let Some(mut server) = Server::start(&[]) else { return };
    let tried = Tried::at(&server.url());
    tried.after_start().await;
    server.kill();
    tried.during("killed").await;
    server.restart();
    tried.after("killed").await;
}

#[tokio::test]
async fn a_server_that_is_busy_in_a_script_is_left_until_the_script_is_killed() {
    let Some(server) = Server::start(&["--lua-time-limit", "20"]) else { return };
    let tried = Tried::at(&server.url());
    tried.after_start().await;
    let (mut busy, mut other) = (server.connect().await, server.connect_busy().await);
    let endless = tokio::spawn(async move {
        let ended: redis::RedisResult<()> =
            redis::cmd("EVAL").arg("while true do end").arg(0).query_async(&mut busy).await;
        ended.unwrap_err()
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    tried.during("busy").await;
    redis::cmd("SCRIPT").arg("KILL").exec_async(&mut other).await.unwrap();
    endless.await.unwrap();
    tried.after("busy").await;
}

/// Stops and continues the server's process, as a debugger or a virtual machine does.
#[tokio::test]
async fn a_paused_server_is_left_and_used_again() {
    let Some(server) = Server::start(&[]) else { return };
    let tried = Tried::at(&server.url());
    tried.after_start().await;
    server.signal("-STOP");
    tried.during("paused").await;
    server.signal("-CONT");
    tried.after("paused").await;
}

/// The kernel accepts the connection, and no answer comes.
#[tokio::test]
async fn a_server_that_is_paused_before_the_first_connection_is_left_and_used() {
    let Some(server) = Server::start(&[]) else { return };
    let tried = Tried::at(&server.url());
    server.signal("-STOP");
    tried.during("paused before the start").await;
    server.signal("-CONT");
    tried.after("paused before the start").await;
}

/// Each command waits for longer than a request does.
#[tokio::test]
async fn a_slow_server_costs_five_time_outs() {
    let Some(server) = Server::start(&[]) else { return };
    let tried = Tried::at(&server.url());
    tried.after_start().await;
    server.ask::<redis::Value>("CLIENT PAUSE 4000 ALL").await;
    tried.during("slow").await;
    tried.after("slow").await;
}

#[tokio::test]
async fn a_server_behind_another_password_is_left_until_it_has_the_right_one() {
    let Some(server) = Server::start(&["--requirepass", "right"]) else { return };
    let tried = Tried::at(&format!("redis://:wrong@127.0.0.1:{}", server.port()));
    tried.during("wrong password").await;
    let mut connection = redis::Client::open(format!("redis://:right@127.0.0.1:{}", server.port()))
        .unwrap()
        .get_multiplexed_async_connection()
        .await
        .unwrap();
    redis::cmd("CONFIG").arg("SET").arg("requirepass").arg("wrong").exec_async(&mut connection).await.unwrap();
    tried.after("wrong password").await;
}

#[tokio::test]
async fn a_server_that_answers_garbage_is_never_believed_until_it_counts() {
    let Some(server) = Server::start(&[]) else { return };
    for (fault, answer) in [
        ("no Redis", "HTTP/1.1 400 Bad Request\r\n\r\n"),
        ("an answer too short", "*1\r\n:1\r\n"),
        ("an answer of nothing", "$-1\r\n"),
    ] {
        for only_to_scripts in [false, true] {
            let stand_in = StandIn::before(&server).await;
            let tried = Tried::at(&stand_in.url());
            if only_to_scripts {
                tried.after_start().await;
            }
            stand_in.answer(Some(Garbage { answer, only_to_scripts }));
            tried.during(fault).await;
            stand_in.answer(None);
            tried.after(fault).await;
        }
    }
}

/// Each key takes the server a while, and it answers between keys.
#[tokio::test]
async fn a_server_that_loads_its_data_is_left_until_it_has_loaded_it() {
    let slowly = ["--key-load-delay", "200", "--loading-process-events-interval-bytes", "1024"];
    let Some(mut server) = Server::start(&slowly) else { return };
    let mut keys = redis::pipe();
    for key in 0..15_000 {
        keys.cmd("SET").arg(format!("other:{key:010}")).arg("a value of sixteen").ignore();
    }
    keys.exec_async(&mut server.connect().await).await.unwrap();
    server.ask::<String>("SAVE").await;
    let tried = Tried::at(&server.url());
    tried.after_start().await;
    server.restart();
    assert_eq!(limits(&server).check().await.unwrap_err(), RedisLimitsError::Loading);
    tried.during("loading").await;
    tried.after("loading").await;
}
