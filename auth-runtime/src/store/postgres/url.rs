//! Reads the URL of a database. No part of it is shown: a character that was not escaped can make any part a piece of
//! the password.

use core::{error::Error, fmt, str::FromStr as _};

use sqlx::postgres::PgConnectOptions;

/// The target of the event about a URL.
const TARGET: &str = "auth_runtime::store";

pub(super) fn connect_options(url: &str) -> Result<PgConnectOptions, sqlx::Error> {
    let url = known(url).map_err(|fault| sqlx::Error::Configuration(Box::new(fault)))?;
    // The error of a URL that cannot be parsed names the part, and never shows the URL.
    let options = PgConnectOptions::from_str(&url)?.application_name("auth-runtime");
    // The tables have no floating-point numbers, and PgBouncer refuses this parameter.
    Ok(options.extra_float_digits(None))
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

/// Returns the URL without the parameters that sqlx does not know. It would write them into an event, with their
/// values.
fn known(url: &str) -> Result<String, UnfitUrl> {
    if !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
        return Err(UnfitUrl::Scheme);
    }
    if url.contains('#') {
        return Err(UnfitUrl::Unescaped('#'));
    }
    let Some((server, parameters)) = url.split_once('?') else { return Ok(url.to_owned()) };
    // In `app:12?34@db/app`, the address stands after the question mark. A value may have an `@`.
    if parameters.split_once('@').is_some_and(|(before, _)| !before.contains('=')) {
        return Err(UnfitUrl::Unescaped('?'));
    }
    let name = |parameter: &&str| parameter.split_once('=').map_or("", |(name, _)| name).to_owned();
    let (known, unknown): (Vec<_>, Vec<_>) = parameters.split('&').filter(|one| !one.is_empty()).partition(|one| {
        let name = name(one);
        PARAMETERS.contains(&&*name) || name.starts_with("options[")
    });
    if unknown.iter().any(|one| demands_tls(one)) {
        return Err(UnfitUrl::Tls);
    }
    if !unknown.is_empty() {
        let count = unknown.len();
        tracing::warn!(target: TARGET, count, "the database URL has unknown parameters, which are left out");
    }
    Ok(format!("{server}?{}", known.join("&")))
}

/// Returns whether a parameter that is not known may ask for TLS, in another spelling or in the words of another driver.
/// Without it, the connection could go on in clear text. A name with an escaped character could say anything.
fn demands_tls(parameter: &str) -> bool {
    let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
    let name = name.to_ascii_lowercase();
    ["ssl", "tls", "%"].iter().any(|part| name.contains(part)) || (name == "gssencmode" && value == "require")
}

/// The reason why a URL names no database.
#[derive(Debug, PartialEq, Eq)]
enum UnfitUrl {
    Scheme,
    Unescaped(char),
    Tls,
}

impl fmt::Display for UnfitUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scheme => f.write_str("the database URL does not start with `postgresql://`"),
            Self::Unescaped(character) => {
                let code = u32::from(*character);
                write!(f, "the database URL has a `{character}` that ends the password; write it as `%{code:X}`")
            }
            Self::Tls => f.write_str(
                "the database URL asks for TLS by a parameter that is not known; known are `sslmode`, `sslrootcert`, \
                 `sslcert` and `sslkey`",
            ),
        }
    }
}

impl Error for UnfitUrl {}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use super::*;

    #[test]
    fn what_is_known_stays() {
        for url in [
            "postgresql://app:pw@db:5432/app",
            "postgres://app:p%23w%3F@db/app?sslmode=verify-full&sslrootcert=/etc/ca.pem",
            "postgresql:///app?host=/run/postgresql&user=app&password=p@w&options=-csearch_path%3Dauth",
            "postgresql://db/app?options[search_path]=auth",
        ] {
            assert_eq!(known(url).as_deref(), Ok(url));
        }
    }

    #[test]
    fn a_character_that_ends_the_password_early_is_told() {
        assert_eq!(known("postgresql://app:12#hunter2@db/app"), Err(UnfitUrl::Unescaped('#')));
        assert_eq!(known("postgresql://app:12?hunter2@db/app"), Err(UnfitUrl::Unescaped('?')));
        assert!(UnfitUrl::Unescaped('?').to_string().ends_with("write it as `%3F`"));
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
            assert_eq!(known(&format!("postgresql://db/app?{name}=verify-full")), Err(UnfitUrl::Tls), "{name}");
        }
        assert_eq!(known("postgresql://db/app?gssencmode=require"), Err(UnfitUrl::Tls));
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
            "mysql://app:hunter2@db/app",
        ] {
            if let Err(error) = connect_options(url) {
                assert!(!format!("{error} {error:?}").contains("hunter2"), "{url}: {error:?}");
            }
        }
        let told = String::from_utf8(told.0.lock().unwrap().clone()).unwrap();
        assert!(told.contains("unknown parameters") && !told.contains("hunter2"), "{told}");
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
