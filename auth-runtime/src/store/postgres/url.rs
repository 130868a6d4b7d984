//! Reads the URL of a database. No part of it is shown: a character that was not escaped can make any part a piece of
//! the password.

mod unfit;

use core::str::FromStr as _;

use sqlx::postgres::PgConnectOptions;

use self::unfit::{Fault, UnfitUrl};
use super::error::failed;
use crate::error::StoreError;

/// The target of the event about a URL.
const TARGET: &str = "auth_runtime::store";

/// Reads a URL. Messages call it by its name.
pub(super) fn connect_options(name: &'static str, url: &str) -> Result<PgConnectOptions, StoreError> {
    let url = known(url).map_err(|fault| StoreError::new("postgres", UnfitUrl { name, fault }))?;
    // The error of a URL that cannot be parsed names the part, and never shows the URL.
    let options = PgConnectOptions::from_str(&url).map_err(failed)?.application_name("auth-runtime");
    // The tables have no floating-point numbers, and PgBouncer refuses this parameter.
    Ok(without_brackets(options).extra_float_digits(None))
}

/// sqlx would look up an IPv6 address with its brackets as a name.
fn without_brackets(options: PgConnectOptions) -> PgConnectOptions {
    match options.get_host().strip_prefix('[').and_then(|host| host.strip_suffix(']')).map(str::to_owned) {
        Some(address) => options.host(&address),
        None => options,
    }
}

/// The parameters that sqlx reads, beside `options[…]`.
const PARAMETERS: [&str; 18] = [
    "application_name",
    "dbname",
    "host",
    "hostaddr",
    "options",
    "password",
    "port",
    "ssl-ca",
    "ssl-cert",
    "ssl-key",
    "ssl-mode",
    "ssl-root-cert",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "statement-cache-capacity",
    "user",
];

/// Parameters of other clients that place the tables.
const SCHEMAS: [&str; 3] = ["currentSchema", "schema", "search_path"];

/// Parameters of other clients that may be named when they are left out. Any other name may be a piece of a password.
const OF_OTHERS: [&str; 12] = [
    "channel_binding",
    "command_timeout",
    "connect_timeout",
    "connection_limit",
    "gssencmode",
    "max_overflow",
    "pgbouncer",
    "pool_size",
    "pool_timeout",
    "prepared_statement_cache_size",
    "require_auth",
    "target_session_attrs",
];

const TLS_MODES: [&str; 6] = ["verify-full", "verify-ca", "require", "prefer", "allow", "disable"];

/// Returns the URL as sqlx is to read it: without the parameters that it does not know. It would write them into an
/// event, with their values.
fn known(url: &str) -> Result<String, Fault> {
    let schemes = ["postgres://", "postgresql://"];
    let after = schemes.iter().find_map(|scheme| url.strip_prefix(scheme)).ok_or(Fault::Scheme)?;
    if url.contains('#') {
        return Err(Fault::Unescaped('#'));
    }
    let (server, parameters) = after.split_once('?').unwrap_or((after, ""));
    // In `app:12?34@db/app`, the address stands after the question mark. A value may have an `@`.
    if parameters.split_once('@').is_some_and(|(before, _)| !before.contains('=')) {
        return Err(Fault::Unescaped('?'));
    }
    let parameters: Vec<_> = parameters.split('&').filter(|one| !one.is_empty()).collect();
    let has_host = parameters.iter().any(|one| matches!(name(one), "host" | "hostaddr"));
    let server = with_server(server, has_host)?;
    let known = known_parameters(&parameters)?;
    let mark = if known.is_empty() { "" } else { "?" };
    Ok(format!("postgresql://{server}{mark}{}", known.join("&")))
}

fn name(parameter: &str) -> &str {
    parameter.split_once('=').map_or("", |(name, _)| name)
}

/// Returns whether a parameter that is not known may ask for TLS, in another spelling or in the words of another
/// driver. Without it, the connection could go on in clear text. A name with an escaped character could say anything.
fn demands_tls(parameter: &str) -> bool {
    let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
    let name = name.to_ascii_lowercase();
    ["ssl", "tls", "%"].iter().any(|part| name.contains(part)) || (name == "gssencmode" && value == "require")
}

/// Checks the part before the parameters. Where only a parameter names the server, sqlx needs a name here, too.
fn with_server(server: &str, has_host: bool) -> Result<String, Fault> {
    let (authority, database) = server.split_once('/').map_or((server, None), |(all, path)| (all, Some(path)));
    // In `app:12/34@db/app`, the address stands after the slash.
    if database.is_some_and(|database| database.contains('@')) {
        return Err(Fault::Unescaped('/'));
    }
    let (user, address) = authority.rsplit_once('@').map_or((None, authority), |(user, rest)| (Some(user), rest));
    if address.contains(',') {
        return Err(Fault::Servers);
    }
    let (host, port) = match address.rfind(']') {
        Some(end) => address.split_at(end.saturating_add(1)),
        None => address.split_at(address.find(':').unwrap_or(address.len())),
    };
    let port = port.strip_prefix(':').unwrap_or(port);
    if port.contains(':') {
        return Err(Fault::Brackets);
    }
    if !port.is_empty() && port.parse::<u16>().ok().is_none_or(|port| port == 0) {
        return Err(Fault::Port);
    }
    match user {
        _ if !host.is_empty() => Ok(server.to_owned()),
        None if port.is_empty() => Ok(server.to_owned()),
        _ if !has_host => Err(Fault::Server),
        _ => {
            let (user, at) = user.map_or(("", ""), |user| (user, "@"));
            let colon = if port.is_empty() { "" } else { ":" };
            Ok(format!("{user}{at}localhost{colon}{port}/{}", database.unwrap_or("")))
        }
    }
}

/// Returns the parameters that sqlx knows, and tells of the others.
fn known_parameters<'p>(parameters: &[&'p str]) -> Result<Vec<&'p str>, Fault> {
    let (known, unknown): (Vec<&str>, Vec<_>) =
        parameters.iter().partition(|one| PARAMETERS.contains(&name(one)) || name(one).starts_with("options["));
    if unknown.iter().any(|one| demands_tls(one)) {
        return Err(Fault::Tls);
    }
    if unknown.iter().any(|one| SCHEMAS.contains(&name(one))) {
        return Err(Fault::Schema);
    }
    let modes = known.iter().filter_map(|one| one.strip_prefix("sslmode=").or_else(|| one.strip_prefix("ssl-mode=")));
    if modes.map(str::to_ascii_lowercase).any(|mode| !TLS_MODES.contains(&&*mode)) {
        return Err(Fault::TlsMode);
    }
    if !unknown.is_empty() {
        let of_others: Vec<_> = OF_OTHERS.into_iter().filter(|one| unknown.iter().any(|it| name(it) == *one)).collect();
        let (count, names) = (unknown.len(), of_others.join(", "));
        tracing::warn!(target: TARGET, count, names, "the database URL has unknown parameters, which are left out");
    }
    Ok(known)
}

#[cfg(test)]
mod tests;
