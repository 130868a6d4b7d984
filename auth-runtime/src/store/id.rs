use uuid::Builder;

use crate::{
    clock::Clock,
    secret::{Entropy, EntropyError},
};

/// A fresh identifier: a UUIDv7 (RFC 9562) as hyphenated lower-case text.
///
/// Identifiers of later seconds sort after those of earlier ones, which keeps an index on them compact; 74 bits are
/// random. It names something, and must never serve as a secret.
///
/// # Errors
/// When the source of randomness fails.
pub fn new_id(clock: &dyn Clock, entropy: &dyn Entropy) -> Result<String, EntropyError> {
    let mut random = [0; 10];
    entropy.fill(&mut random)?;
    // A clock set before 1970 counts as 1970: the random part alone keeps identifiers apart.
    let seconds = u64::try_from(clock.unix().as_seconds()).unwrap_or(0);
    let id = Builder::from_unix_timestamp_millis(seconds.saturating_mul(1_000), &random).into_uuid();
    Ok(id.to_string())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::{
        secret::SystemEntropy,
        store::doubles::{ManualClock, NoEntropy},
    };

    #[test]
    fn an_identifier_is_a_version_7_uuid_of_the_time_handed_in() {
        let id = new_id(&ManualClock::at(1_645_557_742), &SystemEntropy::new()).unwrap();
        assert!(id.starts_with("017f22e2-79b0-7"), "{id}");
        let id = uuid::Uuid::parse_str(&id).unwrap();
        assert_eq!(id.get_version_num(), 7);
        assert_eq!(id.get_variant(), uuid::Variant::RFC4122);
    }

    #[test]
    fn identifiers_of_one_second_differ_and_sort_between_seconds() {
        let entropy = SystemEntropy::new();
        let at = |seconds| new_id(&ManualClock::at(seconds), &entropy).unwrap();
        let ids: HashSet<String> = (0..1_000).map(|_| at(1_000)).collect();
        assert_eq!(ids.len(), 1_000);
        assert!(ids.iter().all(|id| *id < at(1_001)));
    }

    #[test]
    fn any_clock_is_good_enough() {
        for seconds in [i64::MIN, -1, 0, i64::MAX] {
            let id = new_id(&ManualClock::at(seconds), &SystemEntropy::new()).unwrap();
            assert_eq!(uuid::Uuid::parse_str(&id).unwrap().get_version_num(), 7, "{seconds}");
        }
    }

    #[test]
    fn no_randomness_means_no_identifier() {
        assert_eq!(new_id(&ManualClock::at(1), &NoEntropy), Err(EntropyError));
    }
}
