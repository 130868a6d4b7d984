use core::{
    hash::BuildHasher as _,
    sync::atomic::{AtomicU64, Ordering},
};
use std::{hash::RandomState, sync::LazyLock};

use uuid::Builder;

use crate::{
    clock::{Clock, UnixTime},
    secret::{Entropy, EntropyError},
};

/// Returns a fresh identifier: a UUIDv7 (RFC 9562) as hyphenated lower-case text.
///
/// Identifiers of later seconds sort after those of earlier ones, which keeps an index on them compact. Identifiers
/// that one process creates within a second sort in the order of their creation. Each process starts its count at a
/// different place in the second. An identifier names a record and must never serve as a secret.
///
/// # Errors
/// Returns [`EntropyError`] when the source of randomness fails.
pub fn new_id(clock: &dyn Clock, entropy: &dyn Entropy) -> Result<String, EntropyError> {
    let mut random = [0; 4];
    entropy.fill(&mut random)?;
    let now = clock.unix();
    // A clock set before 1970 counts as 1970: the other bits are enough to keep identifiers distinct.
    let seconds = u64::try_from(now.as_seconds()).unwrap_or(0);
    let place = place(first_place(now), MADE.fetch_add(1, Ordering::Relaxed));
    let id = Builder::from_unix_timestamp_millis(seconds.saturating_mul(1_000), &tail(place, random)).into_uuid();
    Ok(id.to_string())
}

/// How many identifiers this process has created. The count only grows, even when callers pass different clocks.
static MADE: AtomicU64 = AtomicU64::new(0);

/// The highest offset of each half of a second's 2^42 places. A process starts its count in the lower half.
const HALF: u64 = (1 << 41) - 1;

/// Returns the place where this process starts its count in this second. Without the offset, processes would use the
/// same places, and the owner of two identifiers could tell how many were created between them.
fn first_place(second: UnixTime) -> u64 {
    static SECRET: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    SECRET.hash_one(second) & HALF
}

/// Returns the place after the previous identifier's. The count restarts after 2^41 identifiers, and never overflows.
fn place(first: u64, made: u64) -> u64 {
    first.saturating_add(made & HALF)
}

/// Returns the bits after the time: the place as a counter (RFC 9562, section 6.2, method 1), then random bits. The
/// counter leaves its first four bits free for the version, and leaves room for the variant between its next 12 and
/// last 30 bits.
fn tail(place: u64, [w, x, y, z]: [u8; 4]) -> [u8; 10] {
    let [_, _, a, b, c, d, e, f] = (((place >> 30) << 32) | (place & 0x3fff_ffff)).to_be_bytes();
    [a, b, c, d, e, f, w, x, y, z]
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, thread};

    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::{
        clock::manual::ManualClock,
        secret::{SystemEntropy, doubles::NoEntropy},
    };

    fn at(seconds: i64) -> String {
        new_id(&ManualClock::at(seconds), &SystemEntropy::new()).unwrap()
    }

    #[test]
    fn an_identifier_is_a_version_7_uuid_of_the_time_handed_in() {
        for _ in 0..100 {
            let id = at(1_645_557_742);
            assert!(id.starts_with("017f22e2-79b0-7"), "{id}");
            let id = Uuid::parse_str(&id).unwrap();
            assert_eq!(id.get_version_num(), 7);
            assert_eq!(id.get_variant(), uuid::Variant::RFC4122);
        }
    }

    #[test]
    fn any_clock_is_good_enough() {
        for seconds in [i64::MIN, -1, 0, i64::MAX] {
            assert_eq!(Uuid::parse_str(&at(seconds)).unwrap().get_version_num(), 7, "{seconds}");
        }
    }

    #[test]
    fn no_randomness_means_no_identifier() {
        assert_eq!(new_id(&ManualClock::at(1), &NoEntropy), Err(EntropyError));
    }

    proptest! {
        #[test]
        fn identifiers_sort_as_they_were_made(steps in prop::collection::vec(0_i64..2, 2..100)) {
            let times = steps.iter().scan(1_000, |now, step| { *now += step; Some(*now) });
            let ids: Vec<String> = times.map(at).collect();
            prop_assert!(ids.is_sorted_by(|one, next| one < next), "{ids:#?}");
        }
    }

    /// The places at which a carry could reach the variant, the version or the time.
    #[test]
    fn a_place_keeps_its_order_in_the_identifier_and_touches_nothing_else() {
        let places = [0, 1, (1 << 30) - 1, 1 << 30, HALF, HALF + 1, 2 * HALF - 1, 2 * HALF];
        let ids = places.map(|place| Builder::from_unix_timestamp_millis(7, &tail(place, [255; 4])).into_uuid());
        assert!(ids.is_sorted_by(|one, next| one < next), "{ids:#?}");
        for id in ids {
            assert_eq!((id.get_version_num(), id.get_variant()), (7, uuid::Variant::RFC4122), "{id}");
            assert!(id.to_string().starts_with("00000000-0007-7"), "{id}");
        }
        assert_eq!(place(HALF, HALF), 2 * HALF, "the last of all places");
        assert_eq!(place(HALF, u64::MAX), 2 * HALF, "for any number of identifiers");
        assert_eq!(place(7, HALF + 1), 7);
    }

    #[test]
    fn identifiers_do_not_reveal_how_many_were_made_between_two_seconds() {
        let firsts: HashSet<u64> = (0..1_000).map(|second| first_place(UnixTime::from_seconds(second))).collect();
        assert_eq!(firsts.len(), 1_000);
    }

    #[test]
    fn threads_make_no_identifier_twice_and_each_makes_them_in_order() {
        let threads: Vec<_> = (0..8).map(|_| thread::spawn(|| (0..1_000).map(|_| at(1_000)).collect())).collect();
        let ids: Vec<Vec<String>> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        assert!(ids.iter().all(|made| made.is_sorted_by(|one, next| one < next)));
        assert_eq!(ids.iter().flatten().collect::<HashSet<_>>().len(), 8_000);
    }
}
