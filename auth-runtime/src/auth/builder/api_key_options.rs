use crate::{
    auth::{Environment, fault::Collector, rules::ApiKeyRules},
    token::{ApiKeyFormat, KeyEnvironment},
};

/// The builder's options for API keys.
pub(super) struct ApiKeyOptions {
    pub(super) prefix: String,
    pub(super) default_days: u32,
    pub(super) most_days: u32,
    pub(super) most_per_user: u32,
}

impl Default for ApiKeyOptions {
    fn default() -> Self {
        Self { prefix: "ak".to_owned(), default_days: 90, most_days: 365, most_per_user: 50 }
    }
}

impl ApiKeyOptions {
    pub(super) fn check(&self, environment: Environment, faults: &mut Collector) -> Option<ApiKeyRules> {
        let environment = match environment {
            Environment::Production => KeyEnvironment::Live,
            Environment::Development | Environment::Test => KeyEnvironment::Test,
        };
        if !(1..=3650).contains(&self.most_days) || !(1..=self.most_days).contains(&self.default_days) {
            faults.push("api_key_days", "are not 1 to 3650 at most, with a default from 1 to that");
        }
        if !(1..=10_000).contains(&self.most_per_user) {
            faults.push("api_keys_per_user", "is no number from 1 to 10000");
        }
        Some(ApiKeyRules {
            format: faults.take("api_key_prefix", ApiKeyFormat::new(&self.prefix, environment))?,
            default_days: self.default_days,
            most_days: self.most_days,
            most_per_user: self.most_per_user,
        })
    }
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
            let found = faults(|options| (options.default_days, options.most_days) = (default, most));
            assert_eq!(found.is_empty(), good, "{default} {most}: {found}");
        }
        let all = faults(|options| {
            options.prefix = "No".to_owned();
            options.most_days = 0;
            options.most_per_user = 0;
        });
        for setting in ["api_key_prefix", "api_key_days", "api_keys_per_user"] {
            assert!(all.contains(setting), "{all}");
        }
    }
}
