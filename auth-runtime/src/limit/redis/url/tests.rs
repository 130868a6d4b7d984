use super::*;

fn tcp(host: &str, port: u16) -> Address {
    Address::Tcp(host.to_owned(), port)
}

fn servers(url: &str) -> Kind {
    RedisUrl::parse(url).unwrap().servers
}

#[test]
fn every_form_is_read() {
    assert_eq!(servers("redis://localhost"), Kind::Single(tcp("localhost", 6379)));
    assert_eq!(servers("valkeys://[::1]:7000/3"), Kind::Single(tcp("::1", 7000)));
    assert_eq!(servers("redis-unix:///run/redis.sock"), Kind::Single(Address::Unix("/run/redis.sock".into())));
    let nodes = vec![tcp("a", 6379), tcp("b", 7001)];
    assert_eq!(servers("redis-cluster://a,b:7001"), Kind::Cluster(nodes));
    let sentinels = vec![tcp("a", 26379), tcp("b", 26380)];
    let expected = Kind::Sentinel { sentinels, name: "main".to_owned() };
    assert_eq!(servers("rediss-sentinel://user:secret@a,b:26380/main/2"), expected);
}

#[test]
fn user_password_database_and_tls_are_read() {
    let RedisUrl { servers: Kind::Single(address), access } =
        RedisUrl::parse("rediss://us%65r:p%40ss%2Fw%25rd:@host/7").unwrap()
    else {
        panic!("one server")
    };
    let info = access.to(&address).unwrap();
    let login = info.redis_settings();
    assert_eq!((login.username(), login.password(), login.db()), (Some("user"), Some("p@ss/w%rd:"), 7));
    assert!(matches!(info.addr(), ConnectionAddr::TcpTls { insecure: false, .. }));
    assert!(info.tcp_settings().nodelay());
    let without = access.to_sentinel(&address).unwrap();
    assert_eq!((without.redis_settings().username(), without.redis_settings().password()), (None, None));
}

#[test]
fn sentinels_have_a_login_of_their_own() {
    let url = "redis-sentinel://app:secret@a/main/2?sentinel_user=watch&sentinel_password=p%26w%3D";
    let RedisUrl { access, .. } = RedisUrl::parse(url).unwrap();
    let (server, sentinel) = (access.to(&tcp("b", 1)).unwrap(), access.to_sentinel(&tcp("a", 2)).unwrap());
    let login = |info: &ConnectionInfo| {
        let login = info.redis_settings();
        (login.username().map(str::to_owned), login.password().map(str::to_owned), login.db())
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(login(&server), (some("app"), some("secret"), 2));
    assert_eq!(login(&sentinel), (some("watch"), some("p&w="), 0));
}

#[test]
fn a_wrong_url_is_refused_by_words_without_its_parts() {
    for (url, expected) in [
        ("", RedisUrlError::NotAUrl),
        ("hunter2", RedisUrlError::NotAUrl),
        ("http://hunter2", RedisUrlError::Scheme),
        ("redis-hunter2://a", RedisUrlError::Scheme),
        ("rediss-unix:///hunter2", RedisUrlError::Scheme),
        ("redis://", RedisUrlError::Host),
        ("redis://:hunter2@", RedisUrlError::Host),
        ("redis://:hunter2@a:b", RedisUrlError::Host),
        ("redis://:hunter2@a:70000", RedisUrlError::Host),
        ("redis://:hunter2@[::1", RedisUrlError::Host),
        ("redis://:hunter2@[::1]7", RedisUrlError::Host),
        ("redis://a b", RedisUrlError::Host),
        ("redis://:hunt/er2@a", RedisUrlError::Host),
        ("redis://a,b", RedisUrlError::SeveralHosts),
        ("redis://hunter2@a", RedisUrlError::NoPassword),
        ("redis://hunter2:@a", RedisUrlError::NoPassword),
        ("redis://:hunter2%4@a", RedisUrlError::Percent),
        ("redis://:hunter2%zz@a", RedisUrlError::Percent),
        ("redis://:hunter2%ff@a", RedisUrlError::Percent),
        ("redis://:hunter2@a/x", RedisUrlError::Database),
        ("redis://:hunter2@a/-1", RedisUrlError::Database),
        ("redis-cluster://a/1", RedisUrlError::Database),
        ("redis-sentinel://:hunter2@a", RedisUrlError::NoPrimaryName),
        ("redis://:hunter2@a?x=1", RedisUrlError::Parameters),
        ("rediss://:hunter2@a/#insecure", RedisUrlError::Parameters),
        ("redis://a?sentinel_password=hunter2", RedisUrlError::Parameters),
        ("redis-cluster://a?sentinel_password=hunter2", RedisUrlError::Parameters),
        ("redis-sentinel://a/main?password=hunter2", RedisUrlError::Parameters),
        ("redis-sentinel://a/main?hunter2", RedisUrlError::Parameters),
        ("redis-sentinel://a/main?sentinel_password=x&sentinel_password=hunter2", RedisUrlError::Parameters),
        ("redis-sentinel://a/main?sentinel_user=hunter2", RedisUrlError::NoPassword),
        ("redis-sentinel://a/main?sentinel_password=", RedisUrlError::NoPassword),
    ] {
        let error = RedisUrl::parse(url).unwrap_err();
        assert_eq!(error, expected, "{url}");
        assert!(!error.to_string().contains("hunter2"));
    }
}

#[test]
fn debug_shows_no_password() {
    let shown = format!("{:?}", RedisUrl::parse("redis://user:hunter2@a").unwrap());
    assert!(shown.contains("\"a\"") && !shown.contains("hunter2") && !shown.contains("user"), "{shown}");
}
