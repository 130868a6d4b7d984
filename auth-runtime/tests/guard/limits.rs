use std::{net::SocketAddr, time::Duration};

use auth_runtime::{
    Guard, Policy, assert_denied,
    error::StoreError,
    limit::{Answer, Charge, ForwardedHeader, LimitStore, TrustedProxies},
    policy::{Limit, LimitKey, OnOutage, Quota},
    testing::TestAuth,
};
use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{Request, Response},
};
use tower::ServiceExt as _;

use super::support::*;

pub(crate) const TWO_A_MINUTE: Quota = Quota::per_minute(2);

pub(crate) async fn from(app: &Router, peer: &str, fields: &[(&str, &str)]) -> Response<Body> {
    from_to(app, peer, "/", fields).await
}

pub(crate) async fn from_to(app: &Router, peer: &str, uri: &str, fields: &[(&str, &str)]) -> Response<Body> {
    let peer: SocketAddr = format!("{peer}:1000").parse().unwrap();
    let mut request = Request::get(uri).extension(ConnectInfo(peer));
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

pub(crate) fn field<'r>(response: &'r Response<Body>, name: &str) -> &'r str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn an_address_is_limited_by_itself_and_told_when_to_come_back() {
    policy!(
        ByAddress =
            Policy::public("by_address").with_limits(&[Limit::new(TWO_A_MINUTE, LimitKey::Address).with_name("open")])
    );
    let TestAuth { auth, clock, .. } = TestAuth::new();
    let app = app::<ByAddress>(&auth);
    let first = from(&app, "192.0.2.1", &[]).await;
    assert_eq!(first.status(), 200);
    assert_eq!(field(&first, "ratelimit-policy"), r#""open";q=2;w=60"#);
    assert!(field(&first, "ratelimit").starts_with(r#""open";r=1;t="#), "{}", field(&first, "ratelimit"));
    assert_eq!(from(&app, "192.0.2.1", &[]).await.status(), 200);

    let refused = from(&app, "192.0.2.1", &[]).await;
    assert_denied!(refused, 429);
    assert_eq!(field(&refused, "retry-after"), "30");
    assert_eq!(field(&refused, "ratelimit"), r#""open";r=0;t=30"#);
    assert_eq!(code(refused).await, "quota-exceeded");
    assert_eq!(from(&app, "192.0.2.2", &[]).await.status(), 200, "another address has its own bucket");

    clock.advance(Duration::from_secs(29));
    assert_denied!(from(&app, "192.0.2.1", &[]).await, 429);
    clock.advance(Duration::from_secs(1));
    assert_eq!(from(&app, "192.0.2.1", &[]).await.status(), 200, "`Retry-After` was kept");
}

#[tokio::test]
async fn the_legacy_fields_are_written_on_request() {
    policy!(
        ByAddress = Policy::public("by_address").with_limits(&[
            Limit::new(TWO_A_MINUTE, LimitKey::Address).with_name("open"),
            Limit::new(Quota::per_hour(100), LimitKey::Address).with_name("wide"),
        ])
    );
    let legacy = |answer: &Response<Body>| {
        ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"].map(|name| field(answer, name).to_owned())
    };
    let TestAuth { auth, .. } = TestAuth::with(|builder| builder.legacy_limit_headers(true));
    let app = app::<ByAddress>(&auth);
    assert_eq!(legacy(&from(&app, "192.0.2.1", &[]).await), ["2", "1", "30"]);
    from(&app, "192.0.2.1", &[]).await;
    let refused = from(&app, "192.0.2.1", &[]).await;
    assert_denied!(&refused, 429);
    assert_eq!(legacy(&refused), ["2", "0", "30"]);
    assert_eq!(field(&refused, "ratelimit"), r#""open";r=0;t=30, "wide";r=98;t=36"#);

    let TestAuth { auth, .. } = TestAuth::new();
    assert_eq!(legacy(&from(&super::support::app::<ByAddress>(&auth), "192.0.2.1", &[]).await), [""; 3]);
}

#[tokio::test]
async fn a_header_without_a_trusted_proxy_does_not_make_a_new_client() {
    policy!(ByAddress = Policy::public("by_address").with_limits(&[Limit::new(TWO_A_MINUTE, LimitKey::Address)]));
    let TestAuth { auth, .. } = TestAuth::new();
    let direct = app::<ByAddress>(&auth);
    let statuses = |app: Router| async move {
        let mut statuses = Vec::new();
        for n in 0..3 {
            let spoofed = format!("198.51.100.{n}");
            statuses.push(from(&app, "192.0.2.1", &[("x-forwarded-for", &spoofed)]).await.status().as_u16());
        }
        statuses
    };
    assert_eq!(statuses(direct).await, [200, 200, 429]);

    let proxies = TrustedProxies::networks(["192.0.2.0/24".parse().unwrap()], ForwardedHeader::XForwardedFor);
    let TestAuth { auth, .. } = TestAuth::with(|builder| builder.trusted_proxies(proxies));
    assert_eq!(statuses(app::<ByAddress>(&auth)).await, [200, 200, 200], "a trusted proxy tells three clients apart");
}

#[tokio::test]
async fn without_a_peer_address_an_event_is_sent_and_the_request_is_refused() {
    policy!(ByAddress = Policy::public("by_address").with_limits(&[Limit::new(TWO_A_MINUTE, LimitKey::Address)]));
    let TestAuth { auth, .. } = TestAuth::with(|builder| builder.peer_when_absent(None));
    let app = app::<ByAddress>(&auth);
    let log = events(async {
        let response = send(&app, &[]).await;
        assert_denied!(response, 500);
        assert!(!text(response).await.contains("connect_info"));
    })
    .await;
    assert!(log.contains("into_make_service_with_connect_info"), "{log}");
}

#[tokio::test]
async fn limits_of_one_name_share_a_counter_and_others_do_not() {
    const SHARED: Limit = Limit::new(TWO_A_MINUTE, LimitKey::Global).with_name("shared");
    const OWN: Limit = Limit::new(TWO_A_MINUTE, LimitKey::Global);
    policy!(FirstShared = Policy::public("first_shared").with_limits(&[SHARED]));
    policy!(SecondShared = Policy::public("second_shared").with_limits(&[SHARED]));
    policy!(FirstOwn = Policy::public("first_own").with_limits(&[OWN]));
    policy!(SecondOwn = Policy::public("second_own").with_limits(&[OWN]));
    let TestAuth { auth, .. } = TestAuth::new();
    let (one, two) = (app::<FirstShared>(&auth), app::<SecondShared>(&auth));
    assert_eq!(send(&one, &[]).await.status(), 200);
    assert_eq!(send(&two, &[]).await.status(), 200);
    assert_denied!(send(&one, &[]).await, 429);
    let (one, two) = (app::<FirstOwn>(&auth), app::<SecondOwn>(&auth));
    for app in [&one, &one, &two, &two] {
        assert_eq!(send(app, &[]).await.status(), 200);
    }
}

/// The attributes generate the same name for both: it consists of the module and the function, without the block.
#[tokio::test]
async fn handlers_of_one_name_in_two_blocks_are_counted_apart() {
    const OWN: Limit = Limit::new(TWO_A_MINUTE, LimitKey::Global);
    let TestAuth { auth, .. } = TestAuth::new();
    let one = {
        policy!(Listed = Policy::public("notes::list").with_limits(&[OWN]));
        app::<Listed>(&auth)
    };
    let two = {
        policy!(Listed = Policy::public("notes::list").with_limits(&[OWN]));
        app::<Listed>(&auth)
    };
    for app in [&one, &one, &two, &two] {
        assert_eq!(send(app, &[]).await.status(), 200);
    }
    assert_denied!(send(&one, &[]).await, 429);
    assert_denied!(send(&two, &[]).await, 429);
}

#[tokio::test]
async fn a_shadow_limit_reports_and_never_refuses() {
    policy!(
        Shadow = Policy::public("shadow")
            .with_limits(&[Limit::new(TWO_A_MINUTE, LimitKey::Global).with_name("trial").with_shadow(true)])
    );
    let TestAuth { auth, .. } = TestAuth::new();
    let app = app::<Shadow>(&auth);
    let log = events(async {
        for _ in 0..5 {
            assert_eq!(send(&app, &[]).await.status(), 200);
        }
    })
    .await;
    assert_eq!(log.matches("shadow_limit").count(), 3, "{log}");
}

/// A store of counters that always fails.
pub(crate) struct Broken;

impl LimitStore for Broken {
    fn charge<'a>(&'a self, _: &'a mut [Charge<'_>], _: &'a dyn auth_runtime::clock::Clock) -> Answer<'a> {
        Answer::Ready(Err(StoreError::new("redis", "connection refused (10.0.0.9)")))
    }
}

#[tokio::test]
async fn a_dead_store_does_what_each_limit_says() {
    const fn limited(on_outage: OnOutage) -> Limit {
        Limit::new(TWO_A_MINUTE, LimitKey::Global).with_outage(on_outage)
    }
    policy!(Local = Policy::public("local").with_limits(&[limited(OnOutage::Local)]));
    policy!(Deny = Policy::public("deny").with_limits(&[limited(OnOutage::Deny)]));
    policy!(Allow = Policy::public("allow").with_limits(&[limited(OnOutage::Allow)]));
    let TestAuth { auth, .. } = TestAuth::with(|builder| builder.limit_store(Broken));
    let log = events(async {
        let local = app::<Local>(&auth);
        assert_eq!(send(&local, &[]).await.status(), 200);
        assert_eq!(send(&local, &[]).await.status(), 200);
        assert_denied!(send(&local, &[]).await, 429);
        let response = send(&app::<Deny>(&auth), &[]).await;
        assert_denied!(response, 503);
        assert!(!text(response).await.contains("10.0.0.9"));
        for _ in 0..5 {
            assert_eq!(send(&app::<Allow>(&auth), &[]).await.status(), 200);
        }
    })
    .await;
    assert!(log.contains("10.0.0.9") && log.contains("limit_store"), "{log}");
}

#[tokio::test]
async fn the_layer_puts_the_fields_on_responses_of_a_plain_router() {
    async fn handler(_: Guard<ByPath>) {}
    policy!(ByPath = Policy::public("by_path").with_limits(&[Limit::new(TWO_A_MINUTE, LimitKey::Path("id"))]));
    let TestAuth { auth, .. } = TestAuth::new();
    let routes = Router::new().route("/{id}", axum::routing::get(handler));
    let bare = routes.clone().with_state(auth.clone());
    assert_eq!(field(&from_to(&bare, "192.0.2.1", "/a", &[]).await, "ratelimit"), "");
    let layered = routes.layer(auth.layer()).with_state(auth.clone());
    assert!(!field(&from_to(&layered, "192.0.2.1", "/a", &[]).await, "ratelimit").is_empty());
    let refused = from_to(&bare, "192.0.2.1", "/a", &[]).await;
    assert_denied!(refused, 429);
    assert!(!field(&refused, "ratelimit").is_empty(), "a refusal tells also without the layer");
}
