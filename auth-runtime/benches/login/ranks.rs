use core::fmt;
use std::time::Duration;

/// Two samples of times, compared.
pub(crate) struct Comparison {
    known: Duration,
    unknown: Duration,
    z: f64,
}

/// Compares the medians, and computes the z of the Mann-Whitney test. Times are so fine that ties do not matter.
pub(crate) fn compare(known: &[Duration], unknown: &[Duration]) -> Comparison {
    let mut all: Vec<(Duration, bool)> =
        known.iter().map(|time| (*time, true)).chain(unknown.iter().map(|time| (*time, false))).collect();
    all.sort_unstable();
    let ranks = all.iter().enumerate().filter(|(_, (_, is_known))| *is_known);
    let sum: f64 = ranks.map(|(rank, _)| rank as f64 + 1.0).sum();
    let (n, m) = (known.len() as f64, unknown.len() as f64);
    let u = sum - n * (n + 1.0) / 2.0;
    let z = (u - n * m / 2.0) / (n * m * (n + m + 1.0) / 12.0).sqrt();
    Comparison { known: median(known), unknown: median(unknown), z }
}

fn median(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort_unstable();
    times[times.len() / 2]
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { known, unknown, z } = self;
        write!(f, "median {known:?} with a wrong password, {unknown:?} without such a user, z = {z:.2}")
    }
}
