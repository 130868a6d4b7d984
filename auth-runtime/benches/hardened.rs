//! Compares what `web::hardened` adds to a request with what the same layers of tower-http add, in one run.
//!
//! Run it with `cargo bench -p auth-runtime --features web --bench hardened`. The requests go through a router in this
//! process. Cases take turns, so that a busy machine slows all of them alike. Each figure is the median of the rounds.
//! `tests/hardened_alloc.rs` counts allocations: a counting allocator here would slow the cases that allocate.
#![expect(clippy::print_stdout, reason = "a program that prints a table")]

mod hardened {
    pub(crate) mod stacks;
}

use std::{hint::black_box, time::Instant};

use hardened::stacks::{self, ORIGIN, call, has_all_fields};

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let _context = runtime.enter();
    // `cargo test --benches` runs this too. One short round shows that it works.
    let quick = std::env::args().any(|argument| argument == "--test");
    let (rounds, calls) = if quick { (1, 10) } else { (41, 4_000) };
    let apps = [stacks::plain(), stacks::by_hand(), stacks::hardened()];
    for origin in [None, Some(ORIGIN)] {
        for app in &apps[1..] {
            assert!(has_all_fields(&call(app, origin), origin), "{:?}", call(app, origin));
        }
        let mut times = [const { Vec::new() }; 3];
        for _ in 0..rounds {
            for (app, times) in apps.iter().zip(&mut times) {
                let started = Instant::now();
                for _ in 0..calls {
                    black_box(call(app, origin));
                }
                times.push(started.elapsed().as_nanos() as f64 / f64::from(calls));
            }
        }
        let [plain, by_hand, ours] = times.map(median);
        let (by_hand, ours) = (by_hand - plain, ours - plain);
        println!("{}", if origin.is_some() { "a page of an allowed origin" } else { "a request without an origin" });
        println!("  plain router {plain:>8.0} ns");
        println!(
            "  tower-http adds {by_hand:>5.0} ns, hardened adds {ours:>5.0} ns: {:.2} (goal <= 1.1)",
            ours / by_hand
        );
    }
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
