use core::{fmt, str::FromStr};
use std::{collections::HashMap, env, path::Path};

use secrecy::SecretString;

use super::{
    fault::{Collector, Faults},
    from_settings,
};
use crate::token::Algorithm;

/// What the environment says, checked: every fault is reported at once, by variable, without its value.
///
/// | variable | meaning | default |
/// |---|---|---|
/// | `ENVIRONMENT` | `development`, `test` or `production` | `production` |
/// | `SECRET_KEY` | the HMAC key of access tokens, 32 bytes at least | required with `ALGORITHM=HS256` |
/// | `PRIVATE_KEY` | the signing key in PEM (PKCS #8) | required with any other algorithm |
/// | `ALGORITHM` | `HS256`, `ES256`, `EdDSA`, `RS256`, `PS256` | `HS256` |
/// | `ISSUER`, `AUDIENCE` | `iss` and `aud` of access tokens | `auth-runtime` in development; else required |
/// | `ACCESS_TOKEN_EXPIRE_MINUTES` | life of an access token, 1 to 1440; the same in all processes that share a store | 15 |
/// | `REFRESH_TOKEN_EXPIRE_DAYS` | life of an unused refresh token, and so of an unused session, 1 to 365 | 7 |
/// | `SESSION_MAX_DAYS` | life of a session however much it is used, 1 to 3650 | 90 |
/// | `DATABASE_URL` | the application's database | none |
/// | `CSRF_TRUSTED_ORIGINS` | other origins whose pages may use a browser's session, as a list with commas or in JSON | none |
/// | `COOKIE_INSECURE` | `true` to send the session's cookie over plain HTTP; not in production | `false` |
/// | `TRUSTED_PROXIES` | addresses of reverse proxies, as comma-separated CIDRs | none is trusted |
/// | `TRUSTED_PROXY_HEADER` | where they put the client's address | `X-Forwarded-For` |
pub struct Settings {
    pub(super) environment: Environment,
    pub(super) secret_key: Option<SecretString>,
    pub(super) private_key: Option<SecretString>,
    pub(super) algorithm: Algorithm,
    pub(super) issuer: String,
    pub(super) audience: String,
    pub(super) access_token_minutes: u32,
    pub(super) refresh_token_days: u32,
    pub(super) session_days: u32,
    pub(super) database_url: Option<SecretString>,
    pub(super) trusted_origins: Option<String>,
    pub(super) insecure_cookies: bool,
    pub(super) trusted_proxies: Option<String>,
    pub(super) trusted_proxy_header: Option<String>,
}

/// Where the service runs. Unless something says otherwise, that is production.
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
    /// All faults at once.
    pub fn from_env() -> Result<Self, Faults> {
        Self::from_env_and_file(Path::new(".env"))
    }

    /// Like [`from_env`](Self::from_env), with another file. What stands in the environment wins over the file.
    ///
    /// # Errors
    /// All faults at once; a file that is there and cannot be read is one.
    pub fn from_env_and_file(path: &Path) -> Result<Self, Faults> {
        let file = if env::var("ENVIRONMENT").is_ok_and(|name| name == "production") {
            HashMap::new()
        } else {
            read_file(path)?
        };
        Self::from_lookup(|name| env::var(name).ok().or_else(|| file.get(name).cloned()))
    }

    /// Reads settings from anywhere. An empty value counts as absent.
    ///
    /// # Errors
    /// All faults at once.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Faults> {
        let mut reader = Reader { lookup, faults: Collector::default() };
        let environment = reader.parsed("ENVIRONMENT", Environment::Production);
        let algorithm = reader.parsed("ALGORITHM", Algorithm::HS256);
        let settings = Self {
            environment,
            secret_key: reader.text("SECRET_KEY").map(SecretString::from),
            private_key: reader.text("PRIVATE_KEY").map(SecretString::from),
            algorithm,
            issuer: reader.identifier("ISSUER", environment),
            audience: reader.identifier("AUDIENCE", environment),
            access_token_minutes: reader.number("ACCESS_TOKEN_EXPIRE_MINUTES", 15, 1440),
            refresh_token_days: reader.number("REFRESH_TOKEN_EXPIRE_DAYS", 7, 365),
            session_days: reader.number("SESSION_MAX_DAYS", 90, 3650),
            database_url: reader.text("DATABASE_URL").map(SecretString::from),
            trusted_origins: reader.text("CSRF_TRUSTED_ORIGINS"),
            insecure_cookies: reader.switch("COOKIE_INSECURE"),
            trusted_proxies: reader.text("TRUSTED_PROXIES"),
            trusted_proxy_header: reader.text("TRUSTED_PROXY_HEADER"),
        };
        // The keys and addresses are parsed here, too, so that their faults stand in the same list.
        let mut faults = reader.faults;
        from_settings::keys(&settings, &mut faults);
        from_settings::trusted_proxies(&settings, &mut faults);
        from_settings::trusted_origins(&settings, &mut faults);
        from_settings::check_cookies(&settings, &mut faults);
        faults.finish_with(Some(settings))
    }

    /// Where the service runs.
    pub fn environment(&self) -> Environment {
        self.environment
    }

    /// The database's address, which may hold a password.
    pub fn database_url(&self) -> Option<&SecretString> {
        self.database_url.as_ref()
    }

    /// The database's address, or one for when the environment names none.
    pub fn database_url_or(&self, default: &str) -> SecretString {
        self.database_url.clone().unwrap_or_else(|| default.into())
    }
}

/// Prints which settings there are, no value that could be secret.
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

struct Reader<L> {
    lookup: L,
    faults: Collector,
}

impl<L: Fn(&str) -> Option<String>> Reader<L> {
    fn text(&self, name: &'static str) -> Option<String> {
        (self.lookup)(name).filter(|value| !value.trim().is_empty())
    }

    fn parsed<T: FromStr>(&mut self, name: &'static str, default: T) -> T
    where
        T::Err: fmt::Display,
    {
        self.text(name).and_then(|value| self.faults.take(name, value.trim().parse())).unwrap_or(default)
    }

    fn number(&mut self, name: &'static str, default: u32, most: u32) -> u32 {
        let Some(value) = self.text(name) else { return default };
        match value.trim().parse() {
            Ok(number) if (1..=most).contains(&number) => number,
            _ => {
                self.faults.push(name, format!("is no whole number from 1 to {most}"));
                default
            }
        }
    }

    fn switch(&mut self, name: &'static str) -> bool {
        match self.text(name).as_deref().map(str::trim) {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => {
                self.faults.push(name, "is neither `true` nor `false`");
                false
            }
        }
    }

    /// Outside development a default would make the tokens of two services interchangeable.
    fn identifier(&mut self, name: &'static str, environment: Environment) -> String {
        match self.text(name) {
            Some(value) => value.trim().to_owned(),
            None if environment == Environment::Production => {
                self.faults.push(name, "is missing; write this service's own URL, such as `https://api.example.com`");
                String::new()
            }
            None => "auth-runtime".to_owned(),
        }
    }
}

fn read_file(path: &Path) -> Result<HashMap<String, String>, Faults> {
    let mut faults = Collector::default();
    let pairs = match dotenvy::from_path_iter(path) {
        Ok(pairs) => pairs.collect::<Result<HashMap<_, _>, _>>(),
        Err(dotenvy::Error::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => return Ok(HashMap::new()),
        Err(error) => Err(error),
    };
    // The parser's own message quotes the line, which may be a secret.
    let pairs = faults.take(".env", pairs.map_err(|_| "cannot be read; each line is `NAME=value`"));
    faults.finish_with(pairs)
}

#[cfg(test)]
mod tests;
