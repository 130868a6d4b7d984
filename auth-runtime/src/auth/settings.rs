use core::{fmt, str::FromStr};
use std::{
    env,
    ffi::{OsStr, OsString},
    fs,
    io::ErrorKind,
    path::Path,
};

use secrecy::SecretString;

use super::{
    event::TARGET,
    fault::{Collector, Faults},
    from_settings,
};
use crate::token::Algorithm;

mod dotenv;
mod names;
mod reader;

use dotenv::DotEnv;
use reader::Reader;

/// Checked settings from the environment. All faults are reported at once, by variable, without the values.
///
/// | variable | meaning | default |
/// |---|---|---|
/// | `ENVIRONMENT` | `development`, `test` or `production` | `production` |
/// | `SECRET_KEY` | the HMAC key of access tokens, 32 bytes at least | required with `ALGORITHM=HS256`, else unused |
/// | `SECRET_KEY_FALLBACKS` | list: former HMAC keys, whose tokens are still accepted | none |
/// | `PRIVATE_KEY` | the signing key in PEM | required with any other algorithm |
/// | `PUBLIC_KEYS` | public keys in PEM, one after the other or as a list: tokens signed with their private keys are still accepted | none |
/// | `ALGORITHM` | `HS256`, `ES256`, `EdDSA`, `RS256`, `PS256` | `HS256` |
/// | `ISSUER`, `AUDIENCE` | `iss` and `aud` of access tokens | `auth-runtime` in development and test; required in production |
/// | `ACCESS_TOKEN_EXPIRE_MINUTES` | life of an access token, 1 to 1440; the same in all processes that share a store | 15 |
/// | `REFRESH_TOKEN_EXPIRE_DAYS` | life of an unused refresh token, and so of an unused session, 1 to 365 | 7 |
/// | `SESSION_MAX_DAYS` | life of a session however much it is used, 1 to 3650 | 90 |
/// | `CLOCK_SKEW_SECONDS` | how far `iat` and `nbf` of an access token may lie in the future, 0 to 60 | 60 |
/// | `TOKEN_EXPIRY_LEEWAY_SECONDS` | how long an expired access token is still accepted, 0 to 60 | 0 |
/// | `DATABASE_URL` | the application's database | none |
/// | `CSRF_TRUSTED_ORIGINS` | list: other origins whose pages may use a browser's session | none |
/// | `COOKIE_INSECURE` | `true` to send the session's cookie over plain HTTP; not in production | `false` |
/// | `TRUSTED_PROXIES` | list: addresses or networks of reverse proxies, or `hops:` and their number | none is trusted |
/// | `TRUSTED_PROXY_HEADER` | where they put the client's address | `X-Forwarded-For` |
///
/// Other names are ignored. An event of the level `WARN` reports a variable that looks like a misspelling of one of
/// these, if the latter is not set. A misspelling differs by at most two letters, or by one if the setting's name is
/// shorter than eight letters.
///
/// The entries of a list are separated by commas, or the list is a JSON list of strings: `["https://a.example",
/// "https://b.example"]`. Use JSON for entries that contain commas, or begin or end with spaces.
///
/// # Changing keys
///
/// A key that no longer signs must still verify for as long as its tokens live, which is `ACCESS_TOKEN_EXPIRE_MINUTES`.
/// To change keys:
///
/// - HMAC: put the new secret into `SECRET_KEY` and the former one into `SECRET_KEY_FALLBACKS`.
/// - Other algorithms: put the new key into `PRIVATE_KEY`, and the public key of the former one into `PUBLIC_KEYS`.
/// - Remove the former key when that time is over.
/// - If several processes restart one after the other, first add the new key to the list in all of them. Then each
///   process accepts tokens that another one signs.
///
/// `ALGORITHM` may change, too: a key in the lists keeps its own algorithm. For RSA keys, that is `RS256` by default.
/// It is `PS256` with `ALGORITHM=PS256`, and for keys that are marked as RSASSA-PSS. To choose another algorithm, write
/// it in front of the key, as in `PS256:-----BEGIN PUBLIC KEY-----`.
///
/// # `.env`
///
/// The value is the text as written; the reader substitutes nothing. Each line of the file is blank, a comment that
/// begins with `#`, or `NAME=value`, with or without `export` before it.
///
/// - A value without quotes ends before ` #` or at the line's end, and may contain spaces.
/// - A value that begins with `[` is everything up to the line's end, so a JSON list needs no quotes.
/// - In single quotes, everything is the value, line ends included.
/// - In double quotes, everything is the value, except the escapes `\n`, `\r`, `\t`, `\"`, `\\` and `\$`.
/// - A `$` is a `$`. `${NAME}` outside single quotes is a fault, since other tools substitute another text for it.
/// - A name that occurs twice is a fault. A line that cannot be read is reported by its number and never quoted.
///
/// A variable in the process's environment wins over the file.
pub struct Settings {
    pub(super) environment: Environment,
    pub(super) secret_key: Option<SecretString>,
    pub(super) secret_key_fallbacks: Option<SecretString>,
    pub(super) private_key: Option<SecretString>,
    pub(super) public_keys: Option<String>,
    pub(super) algorithm: Algorithm,
    pub(super) issuer: String,
    pub(super) audience: String,
    pub(super) access_token_minutes: u32,
    pub(super) refresh_token_days: u32,
    pub(super) session_days: u32,
    pub(super) clock_skew_seconds: u32,
    pub(super) expiry_leeway_seconds: u32,
    pub(super) database_url: Option<SecretString>,
    pub(super) trusted_origins: Option<String>,
    pub(super) insecure_cookies: bool,
    pub(super) trusted_proxies: Option<String>,
    pub(super) trusted_proxy_header: Option<String>,
}

/// The environment in which the service runs; production by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Environment {
    /// A developer's machine.
    Development,
    /// Automated tests.
    Test,
    /// Everything else.
    Production,
}

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
        let mut faults = Collector::default();
        let in_production = env::var("ENVIRONMENT").is_ok_and(|name| name.trim() == "production");
        let file = if in_production { DotEnv::default() } else { read_file(path, &mut faults) };
        let names = env::vars_os().map(|(name, _)| name);
        Self::from_environment_and_file(|name| env::var_os(name), names, file, faults)
    }

    fn from_environment_and_file(
        environment: impl Fn(&str) -> Option<OsString>,
        names: impl Iterator<Item = OsString>,
        mut file: DotEnv,
        mut faults: Collector,
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
        Self::read(value, faults)
    }

    /// Reads settings from a function that returns the value of a name. An empty value counts as absent.
    ///
    /// # Errors
    /// Returns all faults at once.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Faults> {
        Self::read(lookup, Collector::default())
    }

    fn read(lookup: impl Fn(&str) -> Option<String>, faults: Collector) -> Result<Self, Faults> {
        let mut reader = Reader { lookup, faults };
        let environment = reader.parsed("ENVIRONMENT", Environment::Production);
        let algorithm = reader.parsed("ALGORITHM", Algorithm::HS256);
        let insecure_cookies = reader.switch("COOKIE_INSECURE");
        let settings = Self {
            environment: environment.unwrap_or(Environment::Production),
            secret_key: reader.secret("SECRET_KEY"),
            secret_key_fallbacks: reader.secret("SECRET_KEY_FALLBACKS"),
            private_key: reader.secret("PRIVATE_KEY"),
            public_keys: reader.text("PUBLIC_KEYS"),
            algorithm: algorithm.unwrap_or(Algorithm::HS256),
            issuer: reader.identifier("ISSUER", environment),
            audience: reader.identifier("AUDIENCE", environment),
            access_token_minutes: reader.number("ACCESS_TOKEN_EXPIRE_MINUTES", 15, 1..=1440),
            refresh_token_days: reader.number("REFRESH_TOKEN_EXPIRE_DAYS", 7, 1..=365),
            session_days: reader.number("SESSION_MAX_DAYS", 90, 1..=3650),
            clock_skew_seconds: reader.number("CLOCK_SKEW_SECONDS", 60, 0..=60),
            expiry_leeway_seconds: reader.number("TOKEN_EXPIRY_LEEWAY_SECONDS", 0, 0..=60),
            database_url: reader.secret("DATABASE_URL"),
            trusted_origins: reader.text("CSRF_TRUSTED_ORIGINS"),
            insecure_cookies: insecure_cookies.unwrap_or(false),
            trusted_proxies: reader.text("TRUSTED_PROXIES"),
            trusted_proxy_header: reader.text("TRUSTED_PROXY_HEADER"),
        };
        // Keys and addresses are parsed here, too, so that the same list contains their faults. A setting with an
        // unknown value causes no further faults.
        let mut faults = reader.faults;
        match algorithm {
            Some(_) => drop(from_settings::keys(&settings, &mut faults)),
            None => from_settings::check_secret(&settings, &mut faults),
        }
        from_settings::trusted_proxies(&settings, &mut faults);
        if let Some(origins) = from_settings::trusted_origins(&settings, &mut faults)
            && insecure_cookies.is_some()
        {
            from_settings::check_origins(&origins, &settings, &mut faults);
        }
        if environment.is_some() {
            from_settings::check_cookies(&settings, &mut faults);
        }
        faults.finish_with(Some(settings))
    }

    /// Returns the environment in which the service runs.
    pub fn environment(&self) -> Environment {
        self.environment
    }

    /// Returns the database's address, which may contain a password.
    pub fn database_url(&self) -> Option<&SecretString> {
        self.database_url.as_ref()
    }

    /// Returns the database's address, or `default` when the environment names none.
    pub fn database_url_or(&self, default: &str) -> SecretString {
        self.database_url.clone().unwrap_or_else(|| default.into())
    }
}

/// Prints only settings that are no secrets.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("environment", &self.environment)
            .field("algorithm", &self.algorithm)
            .field("issuer", &self.issuer)
            .field("audience", &self.audience)
            .finish_non_exhaustive()
    }
}

impl FromStr for Environment {
    type Err = &'static str;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "development" => Ok(Self::Development),
            "test" => Ok(Self::Test),
            "production" => Ok(Self::Production),
            _ => Err("is none of `development`, `test` and `production`"),
        }
    }
}

/// Logs that a variable is ignored, if it looks like a misspelling of a setting that is not set.
fn warn_of(name: &OsStr, is_unset: impl Fn(&str) -> bool) {
    let Some(name) = name.to_str() else { return };
    if let Some(meant) = names::meant_by(name).filter(|meant| is_unset(meant)) {
        tracing::warn!(target: TARGET, name = ?name, meant, "a variable is ignored whose name is almost that of a setting");
    }
}

/// Reads a file. A file that does not exist sets nothing.
fn read_file(path: &Path, faults: &mut Collector) -> DotEnv {
    match fs::read(path) {
        Ok(bytes) => dotenv::parse(&bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => DotEnv::default(),
        Err(error) => {
            faults.unreadable(".env", format!("cannot be read: {}", error.kind()));
            DotEnv::default()
        }
    }
}

#[cfg(test)]
mod tests;
