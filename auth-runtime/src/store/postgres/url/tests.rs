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
    for (url, database) in [("app:p@w@/app?host=/run/postgresql", "app"), (":5433/app?host=/run/postgresql", "app")] {
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
