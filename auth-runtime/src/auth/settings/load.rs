use core::num::NonZeroU32;
use std::{
    env,
    ffi::{OsStr, OsString},
    fs,
    io::ErrorKind,
    path::Path,
};

use super::{
    Environment, Settings, Tokens, WebSettings,
    dotenv::{self, DotEnv},
    keys, names,
    reader::Reader,
    values,
};
use crate::{
    auth::{
        event::TARGET,
        fault::{Collector, Faults},
    },
    limit::MOST_INSTANCES,
    session::{ABSOLUTE_DAYS, IDLE_DAYS},
    token::{Algorithm, CLOCK_SKEW_SECONDS, DEFAULT_LIFETIME_MINUTES, MAX_LEEWAY_SECONDS, MAX_LIFETIME_MINUTES},
};

impl Settings {
    /// Reads the process's environment, and `.env` in the current folder unless `ENVIRONMENT` says production.
    ///
    /// # Errors
    /// Returns all faults at once.
    pub fn from_env() -> Result<Self, Faults> {
        Self::from_env_and_file(Path::new(".env"))
    }

    /// Reads settings like [`from_env`](Self::from_env), with another file. The environment wins over the file.
    ///
    /// # Errors
    /// Returns all faults at once. An existing file that cannot be read is a fault, and so is each line that cannot be
    /// read.
    pub fn from_env_and_file(path: &Path) -> Result<Self, Faults> {
        Self::load(path, Tokens::OfItsOwn)
    }

    /// Reads the settings of a service that issues no tokens and only verifies those of [other
    /// issuers](crate::auth::AuthBuilder::trust), from the same sources as [`from_env`](Self::from_env).
    ///
    /// `SECRET_KEY`, `PRIVATE_KEY`, their former keys, `ISSUER` and `AUDIENCE` are not needed, and setting one is a
    /// fault: a service should not hold a key that it does not use. So is `ALGORITHM`, which has no effect here:
    /// [`Issuer::algorithms`](crate::remote::Issuer::algorithms) sets those of an issuer. `REDIS_URL` needs
    /// `REDIS_PREFIX`.
    ///
    /// # Errors
    /// Returns all faults at once.
    #[cfg(feature = "remote")]
    pub fn verifier_from_env() -> Result<Self, Faults> {
        Self::load(Path::new(".env"), Tokens::OfOthersAlone)
    }

    /// Reads the settings of a service that only verifies, as [`verifier_from_env`](Self::verifier_from_env), from a
    /// function that returns the value of a name. An empty value counts as absent.
    ///
    /// # Errors
    /// Returns all faults at once.
    #[cfg(feature = "remote")]
    pub fn verifier_from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Faults> {
        Self::read(lookup, Collector::default(), Tokens::OfOthersAlone)
    }

    fn load(path: &Path, tokens: Tokens) -> Result<Self, Faults> {
        let mut faults = Collector::default();
        let in_production = env::var("ENVIRONMENT").is_ok_and(|name| name.trim() == "production");
        let file = if in_production { DotEnv::default() } else { read_file(path, &mut faults) };
        let names = env::vars_os().map(|(name, _)| name);
        Self::from_environment_and_file(|name| env::var_os(name), names, file, faults, tokens)
    }

    pub(super) fn from_environment_and_file(
        environment: impl Fn(&str) -> Option<OsString>,
        names: impl Iterator<Item = OsString>,
        mut file: DotEnv,
        mut faults: Collector,
        tokens: Tokens,
    ) -> Result<Self, Faults> {
        for fault in &file.faults {
            faults.unreadable(".env", fault.to_string());
        }
        let in_file: Vec<_> = file.values.keys().map(OsString::from).collect();
        for name in names::VARIABLES {
            match environment(name).map(OsString::into_string) {
                None => {}
                Some(Ok(value)) => drop(file.values.insert(name.to_owned(), value)),
                Some(Err(_)) => {
                    file.values.remove(name);
                    faults.unreadable(name, "is not UTF-8");
                }
            }
        }
        let value = |name: &str| file.values.get(name).cloned();
        let is_unset = |name: &str| value(name).is_none_or(|value| value.trim().is_empty());
        in_file.iter().for_each(|name| warn_of(name, is_unset));
        names.for_each(|name| warn_of(&name, is_unset));
        Self::read(value, faults, tokens)
    }

    /// Reads settings from a function that returns the value of a name. An empty value counts as absent.
    ///
    /// # Errors
    /// Returns all faults at once.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Faults> {
        Self::read(lookup, Collector::default(), Tokens::OfItsOwn)
    }

    fn read(lookup: impl Fn(&str) -> Option<String>, faults: Collector, tokens: Tokens) -> Result<Self, Faults> {
        let mut reader = Reader { lookup, faults };
        if matches!(tokens, Tokens::OfOthersAlone) {
            refuse_settings_of_own_tokens(&mut reader);
        }
        let known = Known {
            environment: reader.parsed("ENVIRONMENT", Environment::Production),
            algorithm: reader.parsed("ALGORITHM", Algorithm::HS256),
            insecure_cookies: reader.switch("COOKIE_INSECURE"),
            tokens,
        };
        let settings = Self::read_all(&mut reader, &known);
        let mut faults = reader.faults;
        settings.check(&known, &mut faults);
        faults.finish_with(Some(settings))
    }

    fn read_all(reader: &mut Reader<impl Fn(&str) -> Option<String>>, known: &Known) -> Self {
        let mut identifier = |name| match known.tokens {
            Tokens::OfItsOwn => reader.identifier(name, known.environment),
            Tokens::OfOthersAlone => String::new(),
        };
        let (issuer, audience) = (identifier("ISSUER"), identifier("AUDIENCE"));
        Self {
            tokens: known.tokens,
            environment: known.environment.unwrap_or(Environment::Production),
            secret_key: reader.secret("SECRET_KEY"),
            secret_key_fallbacks: reader.secret("SECRET_KEY_FALLBACKS"),
            private_key: reader.secret("PRIVATE_KEY"),
            public_keys: reader.text("PUBLIC_KEYS"),
            algorithm: known.algorithm.unwrap_or(Algorithm::HS256),
            issuer,
            audience,
            public_url: reader.optional(values::PUBLIC_URL),
            access_token_minutes: reader.number(
                "ACCESS_TOKEN_EXPIRE_MINUTES",
                DEFAULT_LIFETIME_MINUTES,
                1..=MAX_LIFETIME_MINUTES,
            ),
            refresh_token_days: reader.number("REFRESH_TOKEN_EXPIRE_DAYS", IDLE_DAYS, 1..=365),
            session_days: reader.number("SESSION_MAX_DAYS", ABSOLUTE_DAYS, 1..=3650),
            clock_skew_seconds: reader.number("CLOCK_SKEW_SECONDS", CLOCK_SKEW_SECONDS, 0..=MAX_LEEWAY_SECONDS),
            expiry_leeway_seconds: reader.number("TOKEN_EXPIRY_LEEWAY_SECONDS", 0, 0..=MAX_LEEWAY_SECONDS),
            database_url: reader.secret("DATABASE_URL"),
            database_direct_url: reader.secret("DATABASE_DIRECT_URL"),
            // Zero stands for a missing value: each kind of database has its own default.
            database_connections: NonZeroU32::new(reader.number("DATABASE_MAX_CONNECTIONS", 0, 1..=1_000)),
            database_timeout_seconds: NonZeroU32::new(reader.number("DATABASE_TIMEOUT_SECONDS", 0, 1..=3_600)),
            redis_url: reader.secret("REDIS_URL"),
            redis_prefix: reader.text("REDIS_PREFIX"),
            instances: NonZeroU32::new(reader.number("INSTANCES", 1, 1..=MOST_INSTANCES.get()))
                .unwrap_or(NonZeroU32::MIN),
            trusted_origins: reader.text("CSRF_TRUSTED_ORIGINS"),
            insecure_cookies: known.insecure_cookies.unwrap_or(false),
            trusted_proxies: reader.text("TRUSTED_PROXIES"),
            trusted_proxy_header: reader.text("TRUSTED_PROXY_HEADER"),
            tls_certificate: reader.text("TLS_CERT"),
            tls_key: reader.text("TLS_KEY"),
            web: WebSettings::read(reader),
        }
    }

    /// Parses keys, addresses and origins, so that the same list contains their faults. A setting with an unknown value
    /// causes no further faults.
    fn check(&self, known: &Known, faults: &mut Collector) {
        match (known.tokens, known.algorithm) {
            (Tokens::OfItsOwn, Some(_)) => drop(keys::keys(self, faults)),
            (Tokens::OfItsOwn, None) => keys::check_secret(self, faults),
            (Tokens::OfOthersAlone, _) => {}
        }
        values::trusted_proxies(self, faults);
        values::check_tls(self, faults);
        if known.environment.is_some() {
            values::check_public_url(self, faults);
        }
        #[cfg(feature = "redis")]
        drop(self.redis_limits(faults));
        if let Some(origins) = values::trusted_origins(self, faults)
            && known.insecure_cookies.is_some()
        {
            values::check_origins(&origins, self, faults);
        }
        if known.environment.is_some() {
            values::check_cookies(self, faults);
        }
        #[cfg(feature = "web")]
        self.web.check(known.environment, faults);
    }
}

/// The settings on which others depend. `None` is a value that is wrong or cannot be read.
struct Known {
    environment: Option<Environment>,
    algorithm: Option<Algorithm>,
    insecure_cookies: Option<bool>,
    tokens: Tokens,
}

/// Refuses what only a service with tokens of its own uses.
fn refuse_settings_of_own_tokens(reader: &mut Reader<impl Fn(&str) -> Option<String>>) {
    for name in OF_OWN_TOKENS {
        if reader.text(name).is_some() {
            let message = "is set, and this service only verifies the tokens of other issuers; remove it, or read the \
                           settings with `Settings::from_env`";
            reader.faults.push(name, message);
        }
    }
}

const OF_OWN_TOKENS: [&str; 7] =
    ["SECRET_KEY", "SECRET_KEY_FALLBACKS", "PRIVATE_KEY", "PUBLIC_KEYS", "ALGORITHM", "ISSUER", "AUDIENCE"];

/// Logs that a variable is ignored, if it looks like a misspelling of a setting that is not set.
fn warn_of(name: &OsStr, is_unset: impl Fn(&str) -> bool) {
    let Some(name) = name.to_str() else { return };
    if let Some(meant) = names::meant_by(name).filter(|meant| is_unset(meant)) {
        tracing::warn!(target: TARGET, name = ?name, meant, "a variable is ignored whose name is almost that of a setting");
    }
}

/// Reads a file. A file that does not exist sets nothing.
pub(super) fn read_file(path: &Path, faults: &mut Collector) -> DotEnv {
    match fs::read(path) {
        Ok(bytes) => dotenv::parse(&bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => DotEnv::default(),
        Err(error) => {
            faults.unreadable(".env", format!("cannot be read: {}", error.kind()));
            DotEnv::default()
        }
    }
}
