//! L4: a sweep of addresses that each call once, and the memory per key.

use std::{hint::black_box, time::Instant};

use allocation_counter::measure;

use crate::subject::{Governor, Guarded, STEADY, SWEEP, Subject, mix};

const SWEPT: u64 = 8_000_000;
const MEBIBYTE: f64 = 1_048_576.0;

pub(crate) fn report() {
    println!("| 8M new keys, each live for 20 ms | ns/check | peak MiB | p99.99 us | worst us |");
    println!("|---|---|---|---|---|");
    row("governor, nobody calls `retain_recent`", Governor::new(SWEEP), |_, _| ());
    row("governor, `retain_recent` each 200 ms", Governor::new(SWEEP), |governor, check| {
        // About every 200 ms at this speed. It runs on the same thread, so its pause is not part of the checks' times.
        if check % 500_000 == 0 {
            governor.retain_recent();
        }
    });
    row("auth-runtime", Guarded::new(&SWEEP), |_, _| ());
    println!();
    println!("| bytes of heap per key | 10k keys | 100k keys | 1M keys |");
    println!("|---|---|---|---|");
    bytes_per_key("governor", || Governor::new(STEADY));
    bytes_per_key("auth-runtime", || Guarded::new(&STEADY));
}

fn row<S: Subject>(name: &str, subject: S, between: impl Fn(&S, u64)) {
    let mut nanos: Vec<u32> = vec![0; SWEPT as usize];
    let heap = measure(|| {
        for check in 0..SWEPT {
            between(&subject, check);
            let start = Instant::now();
            black_box(subject.check(mix(check)));
            nanos[check as usize] = u32::try_from(start.elapsed().as_nanos()).unwrap_or(u32::MAX);
        }
    });
    let mean = nanos.iter().map(|nanos| u64::from(*nanos)).sum::<u64>() as f64 / SWEPT as f64;
    nanos.sort_unstable();
    let micros = |rank: usize| f64::from(nanos[rank]) / 1_000.0;
    let (tail, worst) = (micros(nanos.len() - nanos.len() / 10_000), micros(nanos.len() - 1));
    println!("| {name} | {mean:.0} | {:.1} | {tail:.0} | {worst:.0} |", heap.bytes_max as f64 / MEBIBYTE);
}

fn bytes_per_key<S: Subject>(name: &str, subject: impl Fn() -> S) {
    let figures = [10_000_u64, 100_000, 1_000_000].map(|keys| {
        let subject = subject();
        let heap = measure(|| (0..keys).for_each(|key| assert!(subject.check(mix(key)))));
        format!("{:.1}", heap.bytes_current as f64 / keys as f64)
    });
    println!("| {name} | {} |", figures.join(" | "));
}
