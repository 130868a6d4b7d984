//! How a request's cost grows with what an application has: routes, roles, rules, limits, keys, sessions, revocations.

use std::net::SocketAddr;

use auth_runtime::{
    Auth, Guard, GuardedRouter, HasPolicy, Policy,
    auth::AuthBuilder,
    clock::{Clock, SystemClock},
    policy::Rule,
    prelude::*,
    secret::SystemEntropy,
    token::{KeyRing, NewAccessToken, TokenIssuer},
};
use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{
        Request, StatusCode,
        header::{AUTHORIZATION, COOKIE, HeaderName},
    },
};

use crate::{
    Call, Named,
    apps::{AUDIENCE, ISSUER, SECRET},
    rounds::Case,
    sessions::{Others, signed_in_among},
    tokens::{issue, key, ring, verification},
};

pub(crate) fn cases() -> Vec<Named> {
    let mut cases = Vec::new();
    add(&mut cases, "routes", &[10, 1_000, 10_000], routes);
    add(&mut cases, "roles in a token", &[1, 10, 60], roles);
    add(&mut cases, "roles in a rule, the last one held", &[1, 8, 64], rules);
    add(&mut cases, "limits by address on a handler", &[0, 1, 2, 4], limited);
    add(&mut cases, "keys in a ring, the last one's token", &[1, 10, 64], keys);
    add(&mut cases, "other sessions in memory", &[0, 10_000, 1_000_000], sessions);
    add(&mut cases, "revocations in memory", &[0, 10_000, 1_000_000], revocations);
    cases
}

fn add(cases: &mut Vec<Named>, of: &str, sizes: &[u32], prepare: fn(u32) -> Call) {
    cases.extend(sizes.iter().map(|&size| -> Named { (format!("{of}, {size}"), Box::new(move || prepare(size))) }));
}

#[require_role("admin")]
async fn admins() {}

#[protected]
async fn callers() {}

#[public]
async fn open() {}

#[public]
#[rate_limit(1000001/sec, by = ip)]
async fn limited_once() {}

#[public]
#[rate_limit(1000001/sec, by = ip)]
#[rate_limit(1000002/min, by = ip)]
async fn limited_twice() {}

#[public]
#[rate_limit(1000001/sec, by = ip)]
#[rate_limit(1000002/min, by = ip)]
#[rate_limit(1000003/hour, by = ip)]
#[rate_limit(1000004/day, by = ip)]
async fn limited_four_times() {}

/// A rule with `N` roles, of which the last one is the caller's.
struct AnyOf<const N: usize>;

impl<const N: usize> AnyOf<N> {
    const RULES: [Rule; N] = {
        let mut rules = [const { Rule::role("somebody else's") }; N];
        rules[N - 1] = Rule::role("admin");
        rules
    };
}

impl<const N: usize> HasPolicy for AnyOf<N> {
    const POLICY: Policy = Policy::protected("any_of").with_rule(Rule::Any(&Self::RULES));
    type Checks = ();
}

async fn any_of<const N: usize>(_: Guard<AnyOf<N>>) {}

fn routes(routes: u32) -> Call {
    let paths = (1..routes).map(|number| format!("/v1/things-{number}/{{id}}"));
    let router = paths.fold(GuardedRouter::new(), |router, path| router.route(&path, get(admins)));
    request(router.route("/", get(admins)).with_state(engine()).into_router(), AUTHORIZATION, bearer(&["admin"]))
}

fn roles(roles: u32) -> Call {
    let mut roles: Vec<_> = (1..roles).map(|number| format!("role-{number}")).collect();
    roles.push("admin".to_owned());
    let roles: Vec<_> = roles.iter().map(String::as_str).collect();
    request(guarded(&engine(), get(admins)), AUTHORIZATION, bearer(&roles))
}

fn rules(rules: u32) -> Call {
    let handlers = match rules {
        1 => get(any_of::<1>),
        8 => get(any_of::<8>),
        _ => get(any_of::<64>),
    };
    request(guarded(&engine(), handlers), AUTHORIZATION, bearer(&["admin"]))
}

fn limited(limits: u32) -> Call {
    let handlers = match limits {
        0 => get(open),
        1 => get(limited_once),
        2 => get(limited_twice),
        _ => get(limited_four_times),
    };
    request(guarded(&engine(), handlers), AUTHORIZATION, bearer(&[]))
}

/// Verifies the token of the key that was added last.
fn keys(keys: u32) -> Call {
    let others = (1..keys).map(|number| key(&format!("{number:04}-Qm-8fKz_pW0vNc7RtLhYb2UeAj5GsD")).retire());
    let own = issue(&ring(), 0);
    let first = KeyRing::builder();
    let others = others.fold(first, |builder, other| builder.verify_with(other));
    verification(others.verify_with(key(SECRET).retire()).build().expect("keys"), own, true)
}

fn sessions(sessions: u32) -> Call {
    let (auth, cookie) = signed_in_among(settings(), Others { sessions, revocations: 0 });
    request(guarded(&auth, get(callers)), COOKIE, cookie)
}

/// The first request reads all revocations. It is one of those that succeed before the counting.
fn revocations(revocations: u32) -> Call {
    let (auth, _) = signed_in_among(settings(), Others { sessions: 0, revocations });
    request(guarded(&auth, get(callers)), AUTHORIZATION, bearer(&["admin"]))
}

fn settings() -> AuthBuilder {
    Auth::builder().keys(ring()).issuer(ISSUER).audience(AUDIENCE)
}

fn engine() -> Auth {
    settings().build().expect("good settings")
}

fn guarded(auth: &Auth, handlers: auth_runtime::router::MethodRouter<Auth>) -> Router {
    GuardedRouter::new().route("/", handlers).with_state(auth.clone()).into_router()
}

fn bearer(roles: &[&str]) -> String {
    let keys: KeyRing = ring();
    let issuer = TokenIssuer::builder(keys, ISSUER, AUDIENCE).build().expect("an issuer");
    let new = NewAccessToken::new("8f14e45f-ceea-467f-a8f1-0b5c9a0d3c11", "web").roles(roles);
    let token = issuer.issue(&new, SystemClock::new().unix(), &SystemEntropy::new()).expect("a token");
    format!("Bearer {}", token.expose())
}

/// Sends a request with this credential again and again.
fn request(app: Router, name: HeaderName, credential: String) -> Call {
    let request = if name == COOKIE { with_cookie } else { with_token };
    let case = Case { name: "growth", app, request, credential, expected: StatusCode::OK };
    assert_eq!(case.call().status(), case.expected);
    Box::new(move || assert_eq!(case.call().status(), case.expected))
}

fn with_token(credential: &str) -> Request<Body> {
    with_header(AUTHORIZATION, credential)
}

fn with_cookie(credential: &str) -> Request<Body> {
    with_header(COOKIE, credential)
}

fn with_header(name: HeaderName, value: &str) -> Request<Body> {
    let mut request = Request::builder().uri("/").header(name, value).body(Body::empty()).expect("a request");
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 7], 4711))));
    request
}
