//! Services that only verify the tokens of other issuers.

use super::{HOSTS, Settings};
use crate::{
    auth::{Auth, AuthBuilder, Faults},
    remote::Issuer,
    store::{Accounts, MemoryStore},
};

fn read(variables: &[(&str, &str)]) -> Result<Settings, Faults> {
    let variables = [variables, &HOSTS[..]].concat();
    let value = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    Settings::verifier_from_lookup(value)
}

/// Returns the settings with faults.
fn wrong(variables: &[(&str, &str)]) -> Vec<&'static str> {
    read(variables).err().map_or_else(Vec::new, |faults| settings_of(&faults))
}

fn settings_of(faults: &Faults) -> Vec<&'static str> {
    faults.iter().map(crate::auth::Fault::setting).collect()
}

fn build(settings: &Settings, change: impl FnOnce(AuthBuilder) -> AuthBuilder) -> Vec<&'static str> {
    change(Auth::builder().settings(settings)).build().err().map_or_else(Vec::new, |faults| settings_of(&faults))
}

fn trusted(builder: AuthBuilder) -> AuthBuilder {
    builder.trust(Issuer::oidc("https://id.example").audience("api"))
}

#[test]
fn it_needs_no_keys_and_no_names() {
    for environment in ["production", "development", "test"] {
        let settings = read(&[("ENVIRONMENT", environment)]).unwrap();
        assert!(build(&settings, trusted).is_empty(), "{environment}");
        // The settings open nothing by themselves: without an issuer, or with accounts, the service does not start.
        assert_eq!(build(&settings, |builder| builder), ["trust"], "{environment}");
        let with_accounts = |builder| trusted(builder).accounts(&Accounts::new(MemoryStore::default()));
        assert_eq!(build(&settings, with_accounts), ["trust"], "{environment}");
    }
}

/// Other services still need all of them, trusted issuers or not.
#[test]
fn other_services_need_their_keys() {
    let missing = Settings::from_lookup(|_| None).err().unwrap();
    for name in ["SECRET_KEY", "ISSUER", "AUDIENCE"] {
        assert!(settings_of(&missing).contains(&name), "{missing}");
    }
}

#[test]
fn a_setting_of_own_tokens_is_a_fault() {
    for name in ["SECRET_KEY", "SECRET_KEY_FALLBACKS", "PRIVATE_KEY", "PUBLIC_KEYS", "ISSUER", "AUDIENCE"] {
        assert_eq!(wrong(&[(name, "x")]), [name]);
        assert!(wrong(&[(name, " ")]).is_empty(), "an empty value counts as absent");
    }
    assert_eq!(wrong(&[("ALGORITHM", "RS256")]), ["ALGORITHM"], "it would not be the issuer's");
    assert_eq!(wrong(&[("ISSUER", "x"), ("COOKIE_INSECURE", "yes")]), ["ISSUER", "COOKIE_INSECURE"]);
}

/// The default prefix comes from `AUDIENCE`. Without it, two services would share counters.
#[cfg(feature = "redis")]
#[test]
fn counters_on_redis_need_a_prefix() {
    let redis = ("REDIS_URL", "redis://127.0.0.1");
    assert_eq!(wrong(&[redis]), ["REDIS_PREFIX"]);
    assert!(wrong(&[redis, ("REDIS_PREFIX", "notes")]).is_empty());
}
