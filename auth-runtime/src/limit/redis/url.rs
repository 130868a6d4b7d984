use core::{error::Error, fmt};
use std::path::PathBuf;

use percent_encoding::percent_decode_str;
use redis::{ConnectionAddr, ConnectionInfo, IntoConnectionInfo, RedisConnectionInfo, io::tcp::TcpSettings};
use secrecy::{ExposeSecret, SecretString};

/// Where the servers are, and how a process signs in to them: what `REDIS_URL` says.
#[derive(Clone)]
pub(crate) struct RedisUrl {
    pub(super) servers: Kind,
    pub(super) access: Access,
}

/// The kind of the deployment, with the addresses that the URL names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Single(Address),
    /// Servers behind Sentinels, which know the primary by this name.
    Sentinel {
        sentinels: Vec<Address>,
        name: String,
    },
    /// Some nodes of a cluster; they know the others.
    Cluster(Vec<Address>),
}

/// The address of one server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Address {
    Tcp(String, u16),
    Unix(PathBuf),
}

/// How connections are made and signed in.
#[derive(Clone)]
pub(super) struct Access {
    tls: bool,
    login: Login,
    /// How the Sentinels are asked. They have users of their own.
    sentinels: Login,
    database: i64,
}

#[derive(Clone, Default)]
struct Login {
    user: Option<String>,
    password: Option<SecretString>,
}

const DEFAULT_PORT: u16 = 6379;
const DEFAULT_SENTINEL_PORT: u16 = 26379;

impl RedisUrl {
    /// Reads `redis://`, `rediss://`, `redis-sentinel://`, `redis-cluster://` and the like.
    pub(crate) fn parse(text: &str) -> Result<Self, RedisUrlError> {
        let (scheme, rest) = text.trim().split_once("://").ok_or(RedisUrlError::NotAUrl)?;
        let (rest, parameters) = rest.split_once('?').map_or((rest, None), |(rest, all)| (rest, Some(all)));
        if rest.contains('#') {
            return Err(RedisUrlError::Parameters);
        }
        let (base, kind) = scheme.split_once(['-', '+']).unwrap_or((scheme, ""));
        let tls = match base {
            "redis" | "valkey" => false,
            "rediss" | "valkeys" => true,
            _ => return Err(RedisUrlError::Scheme),
        };
        let (authority, path) = rest.split_once('/').map_or((rest, ""), |(authority, path)| (authority, path));
        let (login, hosts) =
            authority.rsplit_once('@').map_or((None, authority), |(login, hosts)| (Some(login), hosts));
        let login = login.map_or(Ok(Login::default()), Login::read)?;
        let sentinels = match parameters {
            None => Login::default(),
            Some(parameters) if kind == "sentinel" => Login::of_sentinels(parameters)?,
            Some(_) => return Err(RedisUrlError::Parameters),
        };
        let access = |database| Ok(Access { tls, login: login.clone(), sentinels: sentinels.clone(), database });
        let (servers, access) = match kind {
            "" => match &*addresses(hosts, DEFAULT_PORT)? {
                [one] => (Kind::Single(one.clone()), access(database(path)?)?),
                _ => return Err(RedisUrlError::SeveralHosts),
            },
            "unix" if !tls && hosts.is_empty() && !path.is_empty() => {
                let socket = PathBuf::from(format!("/{}", decoded(path)?));
                (Kind::Single(Address::Unix(socket)), access(0)?)
            }
            "sentinel" => {
                let (name, number) = path.split_once('/').unwrap_or((path, ""));
                let name = Some(decoded(name)?).filter(|name| !name.is_empty()).ok_or(RedisUrlError::NoPrimaryName)?;
                let sentinels = addresses(hosts, DEFAULT_SENTINEL_PORT)?;
                (Kind::Sentinel { sentinels, name }, access(database(number)?)?)
            }
            "cluster" if matches!(path, "" | "0") => (Kind::Cluster(addresses(hosts, DEFAULT_PORT)?), access(0)?),
            "cluster" => return Err(RedisUrlError::Database),
            _ => return Err(RedisUrlError::Scheme),
        };
        Ok(Self { servers, access })
    }
}

impl Access {
    /// Returns what the client needs to connect to a server.
    pub(super) fn to(&self, address: &Address) -> Option<ConnectionInfo> {
        self.with(self.login.settings().set_db(self.database), address)
    }

    /// Returns what the client needs to connect to a Sentinel.
    pub(super) fn to_sentinel(&self, address: &Address) -> Option<ConnectionInfo> {
        self.with(self.sentinels.settings(), address)
    }

    fn with(&self, login: RedisConnectionInfo, address: &Address) -> Option<ConnectionInfo> {
        let address = match address.clone() {
            Address::Tcp(host, port) if self.tls => {
                ConnectionAddr::TcpTls { host, port, insecure: false, tls_params: None }
            }
            Address::Tcp(host, port) => ConnectionAddr::Tcp(host, port),
            Address::Unix(path) => ConnectionAddr::Unix(path),
        };
        // A call is one small packet. It must not wait for the answer to the one before.
        let settings = TcpSettings::default().set_nodelay(true);
        Some(address.into_connection_info().ok()?.set_tcp_settings(settings).set_redis_settings(login))
    }

    pub(super) fn is_tls(&self) -> bool {
        self.tls
    }
}

/// Prints neither user nor password.
impl fmt::Debug for RedisUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisUrl").field("servers", &self.servers).finish_non_exhaustive()
    }
}

impl Login {
    /// Reads `user:password` or `:password`.
    fn read(text: &str) -> Result<Self, RedisUrlError> {
        let (user, password) = text.split_once(':').ok_or(RedisUrlError::NoPassword)?;
        let user = Some(decoded(user)?).filter(|user| !user.is_empty());
        let password = Some(decoded(password)?).filter(|password| !password.is_empty());
        Ok(Self { user, password: Some(password.ok_or(RedisUrlError::NoPassword)?.into()) })
    }

    /// Reads `sentinel_password=…`, with or without `sentinel_user=…`.
    fn of_sentinels(parameters: &str) -> Result<Self, RedisUrlError> {
        let mut login = Self::default();
        for parameter in parameters.split('&') {
            let (name, value) = parameter.split_once('=').ok_or(RedisUrlError::Parameters)?;
            let value = decoded(value)?;
            let is_new = match name {
                "sentinel_user" => login.user.replace(value).is_none(),
                "sentinel_password" => login.password.replace(value.into()).is_none(),
                _ => false,
            };
            if !is_new {
                return Err(RedisUrlError::Parameters);
            }
        }
        let has_password = login.password.as_ref().is_some_and(|password| !password.expose_secret().is_empty());
        if has_password { Ok(login) } else { Err(RedisUrlError::NoPassword) }
    }

    fn settings(&self) -> RedisConnectionInfo {
        let mut settings = RedisConnectionInfo::default();
        if let Some(user) = &self.user {
            settings = settings.set_username(user);
        }
        if let Some(password) = &self.password {
            settings = settings.set_password(password.expose_secret());
        }
        settings
    }
}

fn addresses(hosts: &str, default_port: u16) -> Result<Vec<Address>, RedisUrlError> {
    hosts.split(',').map(|host| address(host, default_port)).collect()
}

fn address(host: &str, default_port: u16) -> Result<Address, RedisUrlError> {
    // An IPv6 address stands in brackets, since its colons would hide the port's.
    let (name, port) = match host.strip_prefix('[').map(|rest| rest.split_once(']')) {
        Some(Some((name, rest))) => (name, rest.strip_prefix(':').or(rest.is_empty().then_some(""))),
        Some(None) => return Err(RedisUrlError::Host),
        None => host.split_once(':').map_or((host, Some("")), |(name, port)| (name, Some(port))),
    };
    let port = match port.ok_or(RedisUrlError::Host)? {
        "" => default_port,
        port => port.parse().map_err(|_| RedisUrlError::Host)?,
    };
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':');
    let is_host = !name.is_empty() && name.bytes().all(is_name);
    if is_host { Ok(Address::Tcp(name.to_owned(), port)) } else { Err(RedisUrlError::Host) }
}

fn database(text: &str) -> Result<i64, RedisUrlError> {
    match text {
        "" => Ok(0),
        number => number.parse::<u16>().map(i64::from).map_err(|_| RedisUrlError::Database),
    }
}

/// Decodes `%` and two hexadecimal digits. A `%` without them is refused: it is probably part of a password
/// that was not encoded.
fn decoded(text: &str) -> Result<String, RedisUrlError> {
    let is_code = |rest: &str| rest.as_bytes().get(..2).is_some_and(|code| code.iter().all(u8::is_ascii_hexdigit));
    if !text.split('%').skip(1).all(is_code) {
        return Err(RedisUrlError::Percent);
    }
    percent_decode_str(text).decode_utf8().map(String::from).map_err(|_| RedisUrlError::Percent)
}

/// The reason why a URL of Redis is refused. No text contains a part of the URL, since it may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RedisUrlError {
    /// There is no `://`.
    NotAUrl,
    /// The part before `://` is unknown.
    Scheme,
    /// A host or a port cannot be read.
    Host,
    /// The scheme takes one host.
    SeveralHosts,
    /// The part before `@` has no password, or the Sentinels' user has no password.
    NoPassword,
    /// The database's number cannot be read, or these servers take no number.
    Database,
    /// The name under which the Sentinels know the primary is missing.
    NoPrimaryName,
    /// A `%` is not followed by two hexadecimal digits, or the text is not UTF-8.
    Percent,
    /// The URL has parameters that it cannot have, or a fragment.
    Parameters,
    /// The prefix of the counters' names is empty, too long, or has other characters.
    Prefix,
}

impl fmt::Display for RedisUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAUrl => "is no URL; write one such as `redis://:password@redis.example.com:6379/0`",
            Self::Scheme => {
                "has an unknown scheme; the schemes are `redis`, `rediss` (TLS), `redis-sentinel`, `redis-cluster` and \
                 `redis-unix`, and the same with `valkey`"
            }
            Self::Host => "has a host or a port that cannot be read; write `@`, `/` and `%` in a password as `%40`, `%2F` and `%25`",
            Self::SeveralHosts => "names several hosts; use the scheme `redis-cluster` or `redis-sentinel`",
            Self::NoPassword => "has a user without a password; write `:password@` or `user:password@`, and for Sentinels `?sentinel_password=…`",
            Self::Database => "has no number of a database after the host, such as `/0`; a cluster has the database 0 alone",
            Self::NoPrimaryName => "does not name the primary; write `redis-sentinel://host:26379/name`",
            Self::Percent => "has a `%` without two hexadecimal digits after it; write `%` itself as `%25`",
            Self::Parameters => {
                "has unknown parameters or a fragment; write `?` and `#` in a password as `%3F` and `%23`; only Sentinels have \
                 parameters: `sentinel_user` and `sentinel_password`"
            }
            Self::Prefix => "needs a prefix of 1 to 64 letters, digits, `-`, `_`, `.` and `:`",
        })
    }
}

impl Error for RedisUrlError {}

#[cfg(test)]
mod tests;
