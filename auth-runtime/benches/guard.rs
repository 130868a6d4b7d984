//! Compares the cost of a guard per request with that of a hand-written extractor and of no authentication, in one run.
//!
//! The requests go through a router in this process, without a network; a last table has some of them over loopback.
//! Cases take turns, so that a busy machine slows all of them alike. Each figure is the median of the rounds.
//! `tests/guard_alloc.rs` counts allocations: a counting allocator here would slow the cases that allocate.
#![expect(clippy::print_stdout, reason = "a program that prints a table")]

mod guard {
    pub(crate) mod apps;
    pub(crate) mod fastapi;
    pub(crate) mod loopback;
    pub(crate) mod rounds;
    pub(crate) mod sessions;
}

use std::time::Duration;

use guard::{
    apps,
    fastapi::{self, FastApi},
    loopback::{self, Server},
    rounds::{Case, Measured, measure},
};

fn main() {
    // `cargo test --benches` runs this too. One short round shows that it works.
    let quick = std::env::args().any(|argument| argument == "--test");
    let (rounds, calls) = if quick { (1, 10) } else { (31, 4_000) };
    let cases = apps::cases();
    for case in &cases {
        assert!(case.succeeds(), "{} does not admit its request", case.name);
    }
    // A counter of instructions looks at one case alone: `scripts/bench-instructions`.
    if let (Ok(name), Ok(calls)) = (std::env::var("GUARD_BENCH_CASE"), std::env::var("GUARD_BENCH_CALLS")) {
        let case = cases.iter().find(|case| case.name == name).expect("a case of this name");
        (0..calls.parse().expect("a number")).for_each(|_: u32| drop(std::hint::black_box(case.call())));
        return;
    }
    let measured = measure(&cases, rounds, calls);
    report(&measured);
    let case = |name: &str| cases.iter().find(|case| case.name == name).expect("a case of this name");
    let mut servers: Vec<_> =
        [apps::PLAIN, apps::HAND_WRITTEN, apps::BARE, apps::OURS].map(|name| Server::start(case(name))).into();
    let fast_api = std::env::var_os("GUARD_BENCH_FASTAPI").map(|python| FastApi::start(&python));
    servers.extend(fast_api.as_ref().map(|fast_api| fast_api.server(case(apps::OURS))));
    let (rounds, length) = if quick { (1, 10) } else { (11, 400) };
    report_loopback(&loopback::measure(&servers, rounds, Duration::from_millis(length)));
}

fn report(measured: &[Measured]) {
    let plain = &measured[0];
    println!("{:<44} {:>9} {:>9}", "case", "ns", "added");
    for one in measured {
        println!("{:<44} {:>9.0} {:>9.0}", one.name, one.nanos, one.nanos - plain.nanos);
    }
    let added = |name: &str| {
        let case = measured.iter().find(|one| one.name == name).expect("a case of this name");
        case.nanos - plain.nanos
    };
    println!();
    for (goal, ours, theirs, most) in [
        ("H1 protected + role / hand-written extractor", apps::OURS, apps::HAND_WRITTEN, 0.42),
        ("H1 the same with the identity taken", apps::OURS_IDENTITY, apps::HAND_WRITTEN, 0.48),
        ("H2 attributes / policy by hand", apps::OURS, apps::BY_HAND, 1.01),
        ("L5 limit by address / tower_governor", apps::LIMITED, apps::TOWER_GOVERNOR, 0.5),
        ("L5 the same / tower_governor with fields", apps::LIMITED, apps::TOWER_GOVERNOR_FIELDS, 0.5),
        ("L5 without fields / tower_governor", apps::LIMITED_SILENT, apps::TOWER_GOVERNOR, 0.5),
    ] {
        println!("{goal:<48} {:>5.2}x  (goal <= {most}x)", added(ours) / added(theirs));
    }
    println!(
        "{:<48} {:>5.2}x",
        "a token that can be revoked / one that cannot",
        added(apps::REVOCABLE) / added(apps::OURS)
    );
    println!("{:<48} {:>5.2}x", "a session's cookie / an access token", added(apps::SESSION) / added(apps::OURS));
    let ratio =
        measured.iter().find(|one| one.name == apps::ANONYMOUS).expect("a case of this name").nanos / plain.nanos;
    println!("{:<48} {ratio:>5.2}x  (goal <= 1x)", "J4 the 401 without a token / plain handler");
}

fn report_loopback(served: &[loopback::Served]) {
    println!();
    println!("{:<44} {:>9} {:>12} {:>9}", "over loopback, one core", "req/s", "server us", "of plain");
    for one in served {
        let ratio = one.per_second / served[0].per_second;
        println!("{:<44} {:>9.0} {:>12.2} {ratio:>8.2}x", one.name, one.per_second, one.micros);
    }
    println!("H3: #[require_role] >= 0.80x of plain");
    let micros = |name: &str| served.iter().find(|one| one.name == name).map(|one| one.micros);
    if let (Some(ours), Some(theirs)) = (micros(apps::OURS), micros(fastapi::NAME)) {
        println!("H4: FastAPI / #[require_role], processor time of a request {:>14.1}x  (goal >= 20x)", theirs / ours);
    }
}

impl Case {
    fn succeeds(&self) -> bool {
        self.call().status() == self.expected
    }
}
