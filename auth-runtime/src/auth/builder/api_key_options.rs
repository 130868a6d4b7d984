use core::time::Duration;

use crate::{
    auth::{Environment, account_rules::ApiKeyRules, fault::Collector},
    clock::whole_seconds,
    token::{ApiKeyFormat, KeyEnvironment},
};

/// The builder's options for API keys.
pub(super) struct ApiKeyOptions {
    pub(super) prefix: String,
    pub(super) default: Duration,
    pub(super) longest: Duration,
    pub(super) most_per_user: u32,
}

impl Default for ApiKeyOptions {
    fn default() -> Self {
        Self { prefix: "ak".to_owned(), default: days(90), longest: days(365), most_per_user: 50 }
    }
}

impl ApiKeyOptions {
    pub(super) fn check(&self, environment: Environment, faults: &mut Collector) -> Option<ApiKeyRules> {
        let environment = match environment {
            Environment::Production => KeyEnvironment::Live,
            Environment::Development | Environment::Test => KeyEnvironment::Test,
        };
        let (default_days, most_days) = (whole_days(self.default), whole_days(self.longest));
        if !(1..=3650).contains(&most_days) || !(1..=most_days).contains(&default_days) {
            faults.push("api_key_lifetimes", "are not 1 to 3650 whole days at most, with a default from 1 to that");
        }
        if !(1..=10_000).contains(&self.most_per_user) {
            faults.push("api_keys_per_user", "is no number from 1 to 10000");
        }
        Some(ApiKeyRules {
            format: faults.take("api_key_prefix", ApiKeyFormat::new(&self.prefix, environment))?,
            default_days,
            most_days,
            most_per_user: self.most_per_user,
        })
    }
}

/// Returns the days of a duration, or zero if it is no whole number of days.
fn whole_days(duration: Duration) -> u32 {
    whole_seconds(duration).filter(|seconds| seconds.is_multiple_of(DAY)).map_or(0, |seconds| seconds / DAY)
}

/// Seconds.
const DAY: u32 = 24 * 60 * 60;

const fn days(number: u64) -> Duration {
    Duration::from_secs(number.saturating_mul(DAY as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(change: impl FnOnce(&mut ApiKeyOptions)) -> String {
        let mut options = ApiKeyOptions::default();
        change(&mut options);
        let mut faults = Collector::default();
        let rules = options.check(Environment::Production, &mut faults);
        faults.finish_with(rules).err().map(|faults| faults.to_string()).unwrap_or_default()
    }

    #[test]
    fn every_fault_is_found() {
        assert_eq!(faults(|_| {}), "");
        for (default, most, good) in [(1, 1, true), (90, 3650, true), (0, 10, false), (11, 10, false), (1, 3651, false)]
        {
            let found = faults(|options| (options.default, options.longest) = (days(default), days(most)));
            assert_eq!(found.is_empty(), good, "{default} {most}: {found}");
        }
        for other in [Duration::from_secs(60), days(1) + Duration::from_secs(1), Duration::MAX] {
            assert!(!faults(|options| options.default = other).is_empty(), "{other:?}");
            assert!(!faults(|options| options.longest = other).is_empty(), "{other:?}");
        }
        let all = faults(|options| {
            options.prefix = "No".to_owned();
            options.longest = Duration::ZERO;
            options.most_per_user = 0;
        });
        for setting in ["api_key_prefix", "api_key_lifetimes", "api_keys_per_user"] {
            assert!(all.contains(setting), "{all}");
        }
    }
}
