use core::{fmt, num::NonZeroU32};

use secrecy::SecretString;

#[cfg(feature = "web")]
use crate::tls::TlsFiles;
use crate::{auth::public_url::PublicUrl, token::Algorithm};

mod database;
mod dotenv;
mod environment;
pub(super) mod keys;
#[cfg(feature = "web")]
mod layers;
#[cfg(feature = "web")]
mod lists;
mod load;
mod names;
mod reader;
mod redis;
pub(super) mod values;
mod web;

#[cfg(all(
    any(test, auth_fuzzing),
    feature = "remote",
    feature = "upload",
    feature = "validation",
    feature = "web"
))]
pub(crate) use dotenv::read_dotenv;
pub use environment::{Environment, ParseEnvironmentError};
#[cfg(feature = "web")]
pub(crate) use lists::is_path;
use web::WebSettings;
#[cfg(feature = "web")]
pub(crate) use web::{ALLOWED_HOSTS, ALLOWED_ORIGINS, HOSTS_MISSING};

/// Checked settings from the environment. All faults are reported at once, by variable, without the values. Only the
/// fault of a file for TLS shows its path.
///
/// | variable | meaning | default |
/// |---|---|---|
/// | `ENVIRONMENT` | `development`, `test` or `production` | `production` |
/// | `SECRET_KEY` | the HMAC key of access tokens, 32 bytes at least | required with `ALGORITHM=HS256`, else unused |
/// | `SECRET_KEY_FALLBACKS` | list: former HMAC keys, whose tokens are still accepted | none |
/// | `PRIVATE_KEY` | the signing key in PEM | required with any other algorithm |
/// | `PUBLIC_KEYS` | list, or one PEM after the other: public keys whose tokens are still accepted | none |
/// | `ALGORITHM` | `HS256`, `ES256`, `EdDSA`, `RS256`, `PS256` | `HS256` |
/// | `ISSUER`, `AUDIENCE` | `iss` and `aud` of access tokens | `auth-runtime`; required in production |
/// | `PUBLIC_URL` | the URL at which clients reach this service, for the metadata of protected resources | none |
/// | `ACCESS_TOKEN_EXPIRE_MINUTES` | life of an access token, 1 to 1440; the same in all processes of a store | 15 |
/// | `REFRESH_TOKEN_EXPIRE_DAYS` | life of an unused refresh token, and so of an unused session, 1 to 365 | 7 |
/// | `SESSION_MAX_DAYS` | life of a session however much it is used, 1 to 3650 | 90 |
/// | `CLOCK_SKEW_SECONDS` | how far `iat`, `nbf` and the time of a login may lie in the future, 0 to 60 | 60 |
/// | `TOKEN_EXPIRY_LEEWAY_SECONDS` | how long an expired access token is still accepted, 0 to 60 | 0 |
/// | `DATABASE_URL` | the application's database, for `open_database` | none |
/// | `DATABASE_DIRECT_URL` | the PostgreSQL server itself, where `DATABASE_URL` names a pooler | none |
/// | `DATABASE_MAX_CONNECTIONS` | how many connections to the database may be open at once, 1 to 1000 | 10; SQLite 8 |
/// | `DATABASE_TIMEOUT_SECONDS` | how long to wait for a connection, a lock or a statement, 1 to 3600 | 5 |
/// | `REDIS_URL` | where limits are counted, with the forms of `RedisLimits` (feature `redis`) | none: in memory |
/// | `REDIS_PREFIX` | the beginning of the counters' names, the same in all processes of the service | by `AUDIENCE` |
/// | `INSTANCES` | how many processes share a store of limits, 1 to 10000; each admits its share while it fails | 1 |
/// | `CSRF_TRUSTED_ORIGINS` | list: other origins whose pages may use a browser's session | none |
/// | `COOKIE_INSECURE` | `true` to send the session's cookie over plain HTTP; not in production | `false` |
/// | `TRUSTED_PROXIES` | list: addresses or networks of reverse proxies, or `hops:` and their number | none |
/// | `TRUSTED_PROXY_HEADER` | where they put the client's address | `X-Forwarded-For` |
/// | `TLS_CERT`, `TLS_KEY` | files with certificate and key in PEM, for `serve` (feature `web`) | none: plain HTTP |
/// | `ALLOWED_HOSTS` | list: the hosts of this service; `*.example.com` is every host below `example.com` | see `web` |
/// | `ALLOWED_ORIGINS` | list: other origins whose pages may read answers (CORS) | none |
/// | `CORS_ALLOW_CREDENTIALS` | `true` to let these pages send cookies | `false` |
/// | `PROBE_PATHS` | list: paths that the platform probes over plain HTTP and under any host | none |
/// | `HTTPS_PORT` | the port to which browsers are redirected from plain HTTP, 1 to 65535 | 443 |
/// | `REQUEST_TIMEOUT_SECONDS` | how long a handler may take to begin its answer, 1 to 3600 | 30 |
/// | `MAX_BODY_BYTES` | the largest body of a request, 1 to 1073741824 | 2097152 |
///
/// The settings from `ALLOWED_HOSTS` on are for the layers of the feature `web`. Without the feature, nothing reads
/// their values.
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
///
/// # A service that only verifies
///
/// A service that issues no tokens has no key. With the feature `remote`, `Settings::verifier_from_env` reads its
/// settings, without `SECRET_KEY`, `ISSUER` and `AUDIENCE`.
pub struct Settings {
    pub(super) tokens: Tokens,
    pub(super) environment: Environment,
    pub(super) secret_key: Option<SecretString>,
    pub(super) secret_key_fallbacks: Option<SecretString>,
    pub(super) private_key: Option<SecretString>,
    pub(super) public_keys: Option<String>,
    pub(super) algorithm: Algorithm,
    pub(super) issuer: String,
    pub(super) audience: String,
    pub(super) public_url: Option<PublicUrl>,
    pub(super) access_token_minutes: u32,
    pub(super) refresh_token_days: u32,
    pub(super) session_days: u32,
    pub(super) clock_skew_seconds: u32,
    pub(super) expiry_leeway_seconds: u32,
    pub(super) database_url: Option<SecretString>,
    pub(super) database_direct_url: Option<SecretString>,
    pub(super) database_connections: Option<NonZeroU32>,
    pub(super) database_timeout_seconds: Option<NonZeroU32>,
    pub(super) redis_url: Option<SecretString>,
    #[cfg_attr(not(feature = "redis"), expect(dead_code, reason = "read by the feature's counters alone"))]
    pub(super) redis_prefix: Option<String>,
    pub(super) instances: NonZeroU32,
    pub(super) trusted_origins: Option<String>,
    pub(super) insecure_cookies: bool,
    pub(super) trusted_proxies: Option<String>,
    pub(super) trusted_proxy_header: Option<String>,
    pub(super) tls_certificate: Option<String>,
    pub(super) tls_key: Option<String>,
    #[cfg_attr(not(feature = "web"), expect(dead_code, reason = "read by the feature's layers alone"))]
    pub(super) web: WebSettings,
}

/// The tokens that a service accepts.
#[derive(Clone, Copy)]
pub(super) enum Tokens {
    /// Those that it issues itself, and perhaps those of other issuers.
    OfItsOwn,
    #[cfg_attr(not(feature = "remote"), expect(dead_code, reason = "other issuers come with the feature"))]
    OfOthersAlone,
}

impl Settings {
    /// Returns the environment in which the service runs.
    pub fn environment(&self) -> Environment {
        self.environment
    }

    /// Returns the scheme that [`serve`](crate::serve()) speaks with these settings: `https` with `TLS_CERT` and
    /// `TLS_KEY`, and else `http`. Behind a proxy that ends TLS, clients use `https` in any case.
    #[cfg(feature = "web")]
    pub fn scheme(&self) -> &'static str {
        if self.tls_files().is_some() { "https" } else { "http" }
    }

    /// Returns the files of the server's certificate, if it speaks TLS.
    #[cfg(feature = "web")]
    pub(crate) fn tls_files(&self) -> Option<TlsFiles> {
        let (certificate, key) = (self.tls_certificate.as_ref()?, self.tls_key.as_ref()?);
        Some(TlsFiles { certificate: certificate.into(), key: key.into() })
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

#[cfg(test)]
mod tests;
