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
mod tests {
    use core::error::Error as _;
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use super::*;

    #[test]
    fn what_is_known_stays() {
        for url in [
            "postgresql://app:pw@db:5432/app",
            "postgresql://app:p%23w%3F@db/app?sslmode=verify-full&sslrootcert=/etc/ca.pem",
            "postgresql:///app?host=/run/postgresql&user=app&password=p@w&options=-csearch_path%3Dauth",
            "postgresql://db/app?options[search_path]=auth",
            "postgresql://app:p@w@[::1]:5432/app?sslmode=VERIFY-FULL",
            "postgresql://%2Frun%2Fpostgresql/app",
            "postgresql://app@db",
        ] {
            assert_eq!(known(url).as_deref(), Ok(url));
        }
        assert_eq!(known("postgres://app@db/app").as_deref(), Ok("postgresql://app@db/app"));
    }

    #[test]
    fn a_character_that_ends_the_password_early_is_told() {
        assert_eq!(known("postgresql://app:12#hunter2@db/app"), Err(Fault::Unescaped('#')));
        assert_eq!(known("postgresql://app:12?hunter2@db/app"), Err(Fault::Unescaped('?')));
        for url in ["app:12/hunter2@db/app", "app:hunter/2:@db/app", "app:p@ss/hunter2@db/app"] {
            assert_eq!(known(&format!("postgresql://{url}")), Err(Fault::Unescaped('/')), "{url}");
        }
        let unfit = UnfitUrl { name: "the database URL", fault: Fault::Unescaped('?') };
        assert_eq!(unfit.to_string(), "the database URL has a `?` that ends the password; write it as `%3F`");
    }

    #[test]
    fn a_server_that_sqlx_would_misread_is_told() {
        for (url, fault) in [
            ("app:pw@/app", Fault::Server),
            ("app:pw@:5432/app", Fault::Server),
            (":5432/app", Fault::Server),
            ("app:pw@/run/postgresql/app", Fault::Server),
            ("app:pw@one:5432,two:5432/app", Fault::Servers),
            ("app:pw@::1/app", Fault::Brackets),
            ("app:pw@::1:5432/app", Fault::Brackets),
            ("app:pw@db:none/app", Fault::Port),
            ("app:pw@db:0/app", Fault::Port),
            ("app:pw@[::1]:65536/app", Fault::Port),
            ("app:pw/app", Fault::Port),
        ] {
            assert_eq!(known(&format!("postgresql://{url}")), Err(fault), "{url}");
        }
    }

    /// SQLAlchemy and libpq write a Unix socket so.
    #[test]
    fn a_parameter_names_the_server() {
        for (url, database) in [("app:p@w@/app?host=/run/postgresql", "app"), (":5433/app?host=/run/postgresql", "app")]
        {
            let options = connect_options("the URL", &format!("postgresql://{url}")).unwrap();
            assert_eq!(options.get_socket(), Some(&"/run/postgresql".into()), "{url}");
            assert_eq!(options.get_database(), Some(database));
        }
        let options = connect_options("the URL", "postgresql://app@:5433/app?hostaddr=10.0.0.1").unwrap();
        assert_eq!((options.get_host(), options.get_port()), ("10.0.0.1", 5433));
    }

    #[test]
    fn an_ipv6_address_has_no_brackets_for_the_resolver() {
        let options = connect_options("the URL", "postgresql://app:pw@[2001:db8::1]:5433/app").unwrap();
        assert_eq!((options.get_host(), options.get_port()), ("2001:db8::1", 5433));
    }

    #[test]
    fn a_demand_for_tls_is_not_left_out() {
        for name in [
            "sslmod",
            "ssl_mode",
            "sslcrl",
            "ssl_min_protocol_version",
            "SSLMODE",
            "requiressl",
            "useSSL",
            "tls",
            "%73slmode",
            " sslmode",
        ] {
            assert_eq!(known(&format!("postgresql://db/app?{name}=verify-full")), Err(Fault::Tls), "{name}");
        }
        for mode in ["verified", "", "verify_full"] {
            assert_eq!(known(&format!("postgresql://db/app?sslmode={mode}")), Err(Fault::TlsMode), "{mode}");
        }
    }

    #[test]
    fn a_schema_for_the_tables_is_not_left_out() {
        for name in SCHEMAS {
            assert_eq!(known(&format!("postgresql://db/app?{name}=auth")), Err(Fault::Schema), "{name}");
        }
        assert_eq!(known("postgresql://db/app?gssencmode=require"), Err(Fault::Tls));
        assert!(known("postgresql://db/app?gssencmode=disable").is_ok());
    }

    /// sqlx alone would write "hunter2" into an event for some of these.
    #[test]
    fn nothing_of_a_url_is_shown() {
        let told = Told::default();
        let writer = told.clone();
        let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE);
        let _guard = tracing::subscriber::set_default(subscriber.with_writer(move || writer.clone()).finish());
        for url in [
            "postgresql://app@db/app?pasword=hunter2&channel_binding=require",
            "postgresql://app:p@12?hunter2@db/app",
            "postgresql://app:12?hunter2=@db/app",
            "postgresql:///app?user=app&password=p&hunter2",
            "postgresql://app:12?hunter2@db/app",
            "postgresql://app:hunter2#@db/app",
            "postgresql://app:hunter2@db:port/app",
            "postgresql://app:hunter2/@db/app",
            "postgresql://app:hunter2%ff@db/app",
            "postgresql://app:12?sslmode=hunter2@db/app",
            "postgresql://db/app?sslmode=hunter2",
            "mysql://app:hunter2@db/app",
        ] {
            if let Err(error) = connect_options("the database URL", url) {
                let cause = error.source();
                assert!(!format!("{error} {error:?} {cause:?}").contains("hunter2"), "{url}: {error:?}");
            }
        }
        let told = String::from_utf8(told.0.lock().unwrap().clone()).unwrap();
        assert!(told.contains("unknown parameters") && !told.contains("hunter2"), "{told}");
        assert!(told.contains("channel_binding") && !told.contains("pasword"), "{told}");
    }

    #[derive(Clone, Default)]
    struct Told(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Told {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
}
