//! Which issuer vouches for a caller: what policies ask for, and what keeps the callers of two issuers apart.

use std::panic::{AssertUnwindSafe, catch_unwind};

use auth_runtime::{
    Auth, Guard, HasPolicy, Policy, assert_denied,
    auth::AuthBuilder,
    authn::{Authenticator, AuthnError},
    clock::UnixTime,
    identity::{Identity, Principal},
    policy::{IssuerName, Limit, LimitKey, Quota, TrustedIssuer, Via},
    router::GuardedRouter as Routes,
    routing::get,
    store::BoxFuture,
    testing::{TestAuth, TestIdentity},
};
use axum::{Router, http::HeaderMap};

use super::support::*;

#[derive(Clone, Copy)]
enum Trusted {
    Here,
    Corporate,
    Partner,
}

impl Trusted {
    const fn name(self) -> IssuerName {
        match self {
            Self::Here => IssuerName::new("Trusted::Here"),
            Self::Corporate => IssuerName::new("Trusted::Corporate"),
            Self::Partner => IssuerName::new("Trusted::Partner"),
        }
    }
}

impl TrustedIssuer for Trusted {
    fn issuer_name(&self) -> IssuerName {
        self.name()
    }
}

policy!(AnyCaller = Policy::protected("any_caller"));
policy!(OfCorporate = Policy::protected("of_corporate").with_issuers(&[Trusted::Corporate.name()]));
policy!(OfHere = Policy::protected("of_here").with_issuers(&[Trusted::Here.name()]));
policy!(OfBoth = Policy::protected("of_both").with_issuers(&[Trusted::Here.name(), Trusted::Partner.name()]));

const CORPORATE: &str = "https://login.corporate.example";
const PARTNER: &str = "https://partner.example";

/// Recognises callers by `X-Vouched: <issuer> <subject>`. An issuer may stand for what an authenticator forgets to say,
/// or says wrongly.
struct Vouched(Via);

impl Authenticator for Vouched {
    fn via(&self) -> Via {
        self.0
    }

    fn find<'r>(&self, headers: &'r HeaderMap) -> Result<Option<&'r str>, AuthnError> {
        Ok(headers.get("x-vouched").map(|value| value.to_str().unwrap()))
    }

    fn authenticate<'a>(&'a self, credential: &'a str, _: UnixTime) -> BoxFuture<'a, Result<Identity, AuthnError>> {
        let (issuer, subject) = credential.split_once(' ').unwrap();
        let builder = Identity::builder(subject, self.0).token_id("1");
        let builder = match issuer {
            "silent" => builder,
            "ours" => builder.of_this_service(),
            "named" => builder.issuer("https://other.example").issuer_name(Trusted::Corporate.name()),
            "pretends" => builder.of_this_service().issuer_name(Trusted::Corporate.name()),
            issuer => builder.issuer(issuer),
        };
        Box::pin(async move { Ok(builder.build()) })
    }
}

fn trusting(builder: AuthBuilder) -> AuthBuilder {
    builder
        .authenticator(Vouched(Via::BEARER))
        .own_issuer_name(Trusted::Here)
        .known_issuer(Trusted::Corporate, CORPORATE)
        .known_issuer(Trusted::Partner, PARTNER)
}

#[tokio::test]
async fn a_policy_admits_the_callers_of_its_issuers_alone() {
    let TestAuth { auth, .. } = TestAuth::with(trusting);
    let apps = [app::<OfCorporate>(&auth), app::<OfHere>(&auth), app::<OfBoth>(&auth), protected(&auth)];
    for (issuer, admitted) in [
        (CORPORATE, [true, false, false, true]),
        (PARTNER, [false, false, true, true]),
        ("ours", [false, true, true, true]),
        ("https://test.invalid", [false, true, true, true]),
        ("named", [true, false, false, true]),
        ("pretends", [false, true, true, true]),
        ("silent", [false, false, false, true]),
        ("https://other.example", [false, false, false, true]),
        ("https://login.corporate.example/", [false, false, false, true]),
    ] {
        for (app, admitted) in apps.iter().zip(admitted) {
            let response = send(app, &[("x-vouched", &format!("{issuer} alice"))]).await;
            if admitted {
                assert_eq!(response.status(), 200, "{issuer}");
            } else {
                assert_denied!(response, 403);
                assert_eq!(code(response).await, "other-issuer", "{issuer}");
            }
        }
    }
    let ours = TestIdentity::user("alice").bearer(&auth);
    assert_eq!(send(&apps[1], &[("authorization", &ours)]).await.status(), 200);
    assert_eq!(send(&apps[0], &[("authorization", &ours)]).await.status(), 403);
}

#[test]
fn an_issuer_that_no_engine_knows_does_not_start() {
    let TestAuth { auth, .. } = TestAuth::with(|builder| builder.known_issuer(Trusted::Corporate, CORPORATE));
    let build = || {
        Routes::<Auth>::new()
            .route("/a", get(guarded::<OfCorporate>))
            .route("/b", get(guarded::<OfHere>))
            .route("/c", get(guarded::<OfBoth>))
            .with_state::<()>(auth.clone())
    };
    let panic = catch_unwind(AssertUnwindSafe(build)).unwrap_err();
    let told = panic.downcast_ref::<String>().unwrap();
    assert!(
        told.contains("of_here asks for `Trusted::Here`; of_both asks for `Trusted::Here`, `Trusted::Partner`"),
        "{told}"
    );
}

async fn guarded<P: HasPolicy>(_: Guard<P>) {}

/// A plain router does not run this crate's checks at start-up. It refuses each request.
#[tokio::test]
async fn an_issuer_that_no_engine_knows_is_500_on_a_plain_router() {
    let TestAuth { auth, .. } = TestAuth::with(|builder| builder.authenticator(Vouched(Via::BEARER)));
    let app = Router::new().route("/", axum::routing::get(guarded::<OfCorporate>)).with_state(auth);
    let log = events(async {
        let response = send(&app, &[("x-vouched", &format!("{CORPORATE} alice"))]).await;
        assert_eq!(response.status(), 500);
    })
    .await;
    assert!(log.contains("known_issuer"), "{log}");
}

#[test]
fn names_that_say_two_things_do_not_start() {
    let told = |change: fn(AuthBuilder) -> AuthBuilder| {
        let keys = TestAuth::new().auth.keys().clone();
        let built = change(Auth::builder().keys(keys).issuer("https://here").audience("here")).build();
        built.err().map_or_else(String::new, |faults| faults.to_string())
    };
    assert_eq!(
        told(|builder| builder
            .known_issuer(Trusted::Corporate, "https://a")
            .known_issuer(Trusted::Corporate, "https://b")),
        ""
    );
    for (told, text) in [
        (told(|builder| builder.known_issuer(Trusted::Corporate, "")), "has no URL"),
        (told(|builder| builder.known_issuer(Trusted::Corporate, "https://here")), "own issuer"),
        (
            told(|builder| builder.known_issuer(Trusted::Corporate, "https://a").own_issuer_name(Trusted::Corporate)),
            "own_issuer_name: is the name of another issuer",
        ),
        (
            told(|builder| {
                builder.known_issuer(Trusted::Corporate, "https://a").known_issuer(Trusted::Partner, "https://a")
            }),
            "given twice",
        ),
    ] {
        assert!(told.contains(text) && told.lines().count() == 2, "{told}");
    }
}

#[test]
fn the_matrix_lists_the_issuers() {
    let routes = Routes::<Auth>::new().route("/", get(guarded::<OfBoth>)).route("/all", get(guarded::<AnyCaller>));
    let matrix = routes.access_matrix();
    assert_eq!(matrix.rows()[0].access, "any caller, by issuer Trusted::Here or Trusted::Partner");
    assert_eq!(matrix.rows()[0].issuers, ["Trusted::Here", "Trusted::Partner"]);
    let json: serde_json::Value = serde_json::from_str(&matrix.to_json()).unwrap();
    assert_eq!(json[0]["issuers"], serde_json::json!(["Trusted::Here", "Trusted::Partner"]));
    assert!(json[1].get("issuers").is_none());
}

#[tokio::test]
async fn one_user_of_this_service_is_one_principal_with_every_credential() {
    let TestAuth { auth, .. } = TestAuth::with(trusting);
    let identify = async |name: &str, value: String| {
        let request = axum::http::Request::get("/").header(name, value).body(()).unwrap();
        auth.authenticate(&request.into_parts().0).await.unwrap().unwrap()
    };
    let token = identify("authorization", TestIdentity::user("alice").bearer(&auth)).await;
    let declared = identify("x-vouched", "ours alice".to_owned()).await;
    let corporate = identify("x-vouched", format!("{CORPORATE} alice")).await;
    assert_eq!(token.principal(), declared.principal());
    assert_eq!(declared.principal(), Principal::new("https://test.invalid", "alice"));
    assert_ne!(token.principal(), corporate.principal());
    assert_ne!(declared, corporate);
    assert_eq!(corporate.issuer(), CORPORATE);
}

policy!(ByUser = Policy::protected("by_user").with_limits(&[Limit::new(Quota::per_minute(1), LimitKey::User)]));
policy!(ByKey = Policy::protected("by_key").with_limits(&[Limit::new(Quota::per_minute(1), LimitKey::ApiKey)]));

/// Without the issuer in the key, a caller of one issuer would use up the limit of another's.
#[tokio::test]
async fn callers_of_two_issuers_never_share_a_counter() {
    for via in [Via::BEARER, Via::API_KEY] {
        let TestAuth { auth, .. } = TestAuth::with(|builder| builder.authenticator(Vouched(via)));
        for app in [app::<ByUser>(&auth), app::<ByKey>(&auth)] {
            for caller in ["https://a alice", "https://b alice", "ours alice", "silent alice"] {
                assert_eq!(send(&app, &[("x-vouched", caller)]).await.status(), 200, "{caller}");
                assert_eq!(send(&app, &[("x-vouched", caller)]).await.status(), 429, "{caller}");
            }
        }
    }
}
