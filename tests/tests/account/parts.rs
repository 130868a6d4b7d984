//! The account endpoints, adapted: parts, prefix and quotas.

use std::{
    net::SocketAddr,
    panic::{AssertUnwindSafe, catch_unwind},
};

use auth_runtime::{
    account::{self, AccountRoutes, Part},
    auth::{AccountMail, MailError, Message},
    policy::Quota,
    prelude::{GuardedRouter, post, public},
    store::BoxFuture,
};
use axum::http::Request;
use serde_json::json;

use super::{
    answers::Answer,
    world::{self, App, PASSWORD, World, as_bearer, defaults},
};

/// The endpoints of each part, and in the first line those that belong to every sign-in.
const PATHS: [(&[Part], &[&str]); 12] = [
    (
        &[Part::Tokens, Part::BrowserSession],
        &["POST /auth/reauthenticate", "POST /auth/logout", "POST /auth/logout/all"],
    ),
    (&[Part::Registration], &["POST /auth/register"]),
    (&[Part::Tokens], &["POST /auth/login", "POST /auth/token", "POST /auth/refresh", "POST /auth/revoke"]),
    (&[Part::BrowserSession], &["POST /auth/session"]),
    (&[Part::Introspection], &["POST /auth/introspect"]),
    (&[Part::Sessions], &["GET /auth/sessions", "DELETE /auth/sessions", "DELETE /auth/sessions/{id}"]),
    (&[Part::PasswordChange], &["POST /auth/password"]),
    (&[Part::PasswordReset], &["POST /auth/password/forgot", "POST /auth/password/reset"]),
    (&[Part::EmailVerification], &["POST /auth/email/verify", "POST /auth/email/send-verification"]),
    (&[Part::Me], &["GET /auth/me"]),
    (
        &[Part::ApiKeys],
        &["GET /auth/api-keys", "POST /auth/api-keys", "POST /auth/api-keys/{id}/rotate", "DELETE /auth/api-keys/{id}"],
    ),
    (&[Part::Jwks], &["GET /.well-known/jwks.json"]),
];

/// The endpoints that an application has to ask for.
const ON_REQUEST: [(Part, &[&str]); 2] = [
    (Part::EmailChange, &["POST /auth/email", "POST /auth/email/change"]),
    (Part::AccountDeletion, &["DELETE /auth/me"]),
];

fn rows(routes: AccountRoutes) -> Vec<String> {
    let router: GuardedRouter<App> = routes.into_router();
    router.access_matrix().rows().iter().map(|row| format!("{} {}", row.method, row.path)).collect()
}

/// Returns the endpoints that there are with these parts, sorted.
fn paths(is_on: impl Fn(Part) -> bool) -> Vec<String> {
    let on = PATHS.iter().filter(|(parts, _)| parts.iter().any(|part| is_on(*part)));
    let mut paths: Vec<_> = on.flat_map(|(_, paths)| *paths).map(|path| (*path).to_owned()).collect();
    paths.sort();
    paths
}

fn sorted(mut rows: Vec<String>) -> Vec<String> {
    rows.sort();
    rows
}

fn parts() -> impl Iterator<Item = Part> {
    PATHS.iter().filter(|(parts, _)| parts.len() == 1).map(|(parts, _)| parts[0])
}

#[test]
fn all_parts_below_auth_are_the_default() {
    let default: GuardedRouter<App> = account::routes();
    let built: GuardedRouter<App> = AccountRoutes::new().into_router();
    assert_eq!(default.access_matrix(), built.access_matrix());
    assert_eq!(default.access_matrix().rows().len(), 24);
    assert_eq!(sorted(rows(AccountRoutes::default())), paths(|_| true));
    assert_eq!(rows(AccountRoutes::new().prefix("/auth")), rows(AccountRoutes::new()));
}

#[test]
fn a_part_takes_its_endpoints_with_it_and_no_others() {
    for part in parts() {
        let without = AccountRoutes::new().without(part).without(part);
        assert_eq!(sorted(rows(without)), paths(|other| other != part), "without {part:?}");
        assert_eq!(sorted(rows(AccountRoutes::new().only([part]))), paths(|other| other == part), "only {part:?}");
    }
    let two = AccountRoutes::new().only([Part::Me, Part::Jwks, Part::Tokens]).without(Part::Tokens);
    assert_eq!(rows(two), ["GET /auth/me", "GET /.well-known/jwks.json"]);
}

#[test]
fn a_part_that_is_off_by_default_is_switched_on() {
    for (part, added) in ON_REQUEST {
        let with = rows(AccountRoutes::new().with(part).with(part));
        let rest: Vec<_> = with.iter().filter(|row| !added.contains(&row.as_str())).cloned().collect();
        assert_eq!(with.len() - rest.len(), added.len(), "{part:?}");
        assert_eq!(sorted(rest), paths(|_| true), "{part:?}");
        assert_eq!(rows(AccountRoutes::new().only([part])), added, "{part:?}");
        assert_eq!(sorted(rows(AccountRoutes::new().with(part).without(part))), paths(|_| true), "{part:?}");
    }
}

/// The matrix of a service for browsers alone.
#[test]
fn the_matrix_lists_what_is_on() {
    let routes: GuardedRouter<App> = AccountRoutes::new()
        .only([Part::Registration, Part::BrowserSession, Part::Me])
        .prefix("/api/account")
        .into_router();
    assert_eq!(
        routes.access_matrix().to_markdown(),
        "\
| METHOD | PATH | WHO | VIA | CSRF | LIMITS | WHY PUBLIC | HANDLER |
| --- | --- | --- | --- | --- | --- | --- | --- |
| POST | /api/account/register | everyone | - | - | 20/min by ip as register; body within 10 s | anyone may open an \
         account | auth_runtime::account::register |
| POST | /api/account/session | everyone | - | - | 20/min by ip as login; body within 10 s | callers sign in here | \
         auth_runtime::account::cookie_login |
| POST | /api/account/reauthenticate | any caller | bearer, session | checked | 20/min by ip as login; body within \
         10 s |  | auth_runtime::account::reauthenticate |
| POST | /api/account/logout | any caller | bearer, session | checked | - |  | auth_runtime::account::logout (layers) |
| POST | /api/account/logout/all | any caller | bearer, session | checked | - |  | \
         auth_runtime::account::logout_everywhere |
| GET | /api/account/me | any caller | any | - | - |  | auth_runtime::account::me |
"
    );
}

async fn status(world: &World, method: &str, path: &str) -> u16 {
    let request = Request::builder().method(method).uri(path);
    let peer = axum::extract::ConnectInfo(world::fresh_address());
    world.raw(request.extension(peer), "").await.status().as_u16()
}

#[tokio::test]
async fn the_endpoints_work_below_another_prefix() {
    let world = World::with_routes(AccountRoutes::new().prefix("/api/account"), defaults);
    let body = json!({ "username": "alice", "email": "alice@example.org", "password": PASSWORD });
    assert_eq!(world.json("/api/account/register", &body).await.status, 201);
    let login = json!({ "username": "alice", "password": PASSWORD });
    let tokens = world.json("/api/account/login", &login).await;
    let me = world.call("GET", "/api/account/me", &tokens.text("access_token")).await;
    assert_eq!(me.text("username"), "alice");
    let refreshed = json!({ "refresh_token": tokens.text("refresh_token") });
    let refreshed = world.json("/api/account/refresh", &refreshed).await;
    assert_eq!(refreshed.status, 200, "{refreshed:?}");
    let form = format!("grant_type=password&username=alice&password={}", PASSWORD.replace(' ', "+"));
    assert_eq!(world.form("/api/account/token", &form).await.status, 200);
    world.form("/api/account/token", "grant_type=password&username=alice&password=x").await.assert_refused_grant();

    let request = world::post("/api/account/session", "application/json").header("host", "api.example.com");
    let signed_in = world.send(request.header("sec-fetch-site", "same-origin"), login.to_string()).await;
    assert!(signed_in.header("set-cookie").contains("; Path=/; "), "{signed_in:?}");
    let cookie = super::cookies::cookie(&signed_in);
    assert_eq!(super::cookies::browse(&world, "GET", "/api/account/sessions", &cookie).await.status, 200);
    let ended = super::cookies::browse(&world, "POST", "/api/account/logout", &cookie).await;
    assert!(ended.status == 204 && ended.header("set-cookie").contains("Max-Age=0"), "{ended:?}");
    let dead = super::cookies::browse(&world, "POST", "/api/account/logout", &cookie).await;
    assert_eq!(dead.status, 204, "a dead cookie is expired: {dead:?}");
    assert_eq!(world.call("GET", "/api/account/me", &refreshed.text("access_token")).await.status, 200);

    for path in ["/auth/login", "/auth/session", "/login", "/api/account/.well-known/jwks.json"] {
        assert_eq!(status(&world, "POST", path).await, 404, "{path}");
    }
    assert_eq!(status(&world, "GET", "/.well-known/jwks.json").await, 200);
}

#[tokio::test]
async fn a_part_that_is_off_is_not_there_and_the_rest_works() {
    let off = AccountRoutes::new().without(Part::Registration).without(Part::ApiKeys).without(Part::Tokens);
    let world = World::with_routes(off, defaults);
    for path in ["/auth/register", "/auth/api-keys", "/auth/login", "/auth/token", "/auth/refresh", "/auth/revoke"] {
        assert_eq!(status(&world, "POST", path).await, 404, "{path}");
    }
    assert_eq!(status(&world, "POST", "/auth/logout").await, 401);
    let keys = World::with_routes(AccountRoutes::new().only([Part::Jwks]), defaults);
    let answer = keys.raw(Request::get("/.well-known/jwks.json"), "").await;
    let cached = answer.headers().get("cache-control").is_none_or(|value| value != "no-store");
    assert!(answer.status() == 200 && cached, "{answer:?}");
}

fn fault<T>(start: impl FnOnce() -> T) -> String {
    let Err(panic) = catch_unwind(AssertUnwindSafe(start)) else { panic!("it started") };
    panic.downcast_ref::<String>().cloned().unwrap_or_default()
}

#[test]
fn a_bad_prefix_and_no_parts_are_told_at_start_together() {
    let routes = AccountRoutes::new().only([]).prefix("/.well-known/account");
    assert_eq!(
        fault(|| routes.into_router::<App>()),
        "the account endpoints cannot be made: the prefix \"/.well-known/account\" is kept for documents of standards \
        (RFC 8615): choose another path; no part is on: leave the account endpoints out, or name a part in `only([…])`"
    );
    for prefix in ["", "/", "account", "/account/", "/{tenant}", "/a//b"] {
        let told = fault(|| AccountRoutes::new().prefix(prefix).into_router::<App>());
        assert!(told.contains(&format!("the prefix {prefix:?} ")), "{told}");
    }
    let none = parts().fold(AccountRoutes::new(), AccountRoutes::without);
    assert!(fault(|| none.into_router::<App>()).contains("no part is on"));
}

struct NoMail;

impl AccountMail for NoMail {
    fn send(&self, _: Message) -> BoxFuture<'_, Result<(), MailError>> {
        Box::pin(async { Ok(()) })
    }
}

/// No user could verify an address, and so no user could sign in.
#[test]
fn an_engine_that_needs_a_part_that_is_off_is_told_at_start() {
    let start = |routes: AccountRoutes| {
        World::with_routes(routes, |builder| defaults(builder).mail(NoMail).require_verified_email(true));
    };
    start(AccountRoutes::new());
    let told = fault(|| start(AccountRoutes::new().without(Part::EmailVerification)));
    assert!(told.contains("`require_verified_email` is on") && told.contains("`Part::EmailVerification`"), "{told}");
    start(AccountRoutes::new().only([Part::Me]));
    World::with_routes(AccountRoutes::new().without(Part::EmailVerification), defaults);
}

#[public(because = "a test")]
async fn own() {}

#[test]
fn a_route_of_the_application_at_an_endpoints_path_is_told_with_both_names() {
    let own_route = |path: &str| GuardedRouter::<App>::new().route(path, post(own));
    let told = fault(|| own_route("/auth/login").merge(account::routes()));
    assert_eq!(
        told,
        "`POST /auth/login` has two handlers, `account::account::parts::own` and `auth_runtime::account::login`: give \
        one of them another path"
    );
    let told = fault(|| AccountRoutes::new().prefix("/in/x").into_router::<App>().route("/in/x/login", post(own)));
    assert!(told.contains("`POST /in/x/login` has two handlers"), "{told}");
    let told = fault(|| own_route("/a/auth/login").nest("/a", account::routes::<App>()));
    assert!(told.contains("`POST /a/auth/login` has two handlers"), "{told}");
    let _ = own_route("/auth/me").merge(account::routes());
}

async fn sign_ins(world: &World, office: SocketAddr, count: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for n in 0..count {
        statuses.push(world.login_from(office, &format!("person{n}"), PASSWORD).await.status);
    }
    statuses
}

/// Everyone in an office has its address, and all come at nine.
#[tokio::test]
async fn an_office_behind_one_address_signs_in_within_a_minute_where_the_quota_is_raised() {
    let office = SocketAddr::from(([203, 0, 113, 7], 40_000));
    let raised = World::in_memory(|builder| defaults(builder).quota("login", Quota::per_minute(200)));
    let usual = World::in_memory(defaults);
    for world in [&raised, &usual] {
        for n in 0..60 {
            assert_eq!(world.register(&format!("person{n}"), PASSWORD).await.status, 201);
        }
    }
    assert_eq!(sign_ins(&raised, office, 60).await, [200; 60]);
    let told = raised.login_from(office, "person0", PASSWORD).await;
    assert_eq!(told.header("ratelimit-policy"), "\"login\";q=200;w=60");
    assert_eq!(sign_ins(&usual, office, 21).await, [[200; 20].as_slice(), &[429]].concat());
}

/// The limits by account are in no matrix, and can be set, too.
#[tokio::test]
async fn the_limits_by_account_can_be_set() {
    let guesses = async |world: World| {
        world.join("alice", &[]).await;
        let mut refused = 0;
        while world.login("alice", "a wrong password").await.status != 429 {
            refused += 1;
            assert!(refused < 100);
        }
        refused
    };
    assert_eq!(guesses(World::in_memory(defaults)).await, 10);
    let few = World::in_memory(|builder| defaults(builder).quota("login-account", Quota::per_hour(3)));
    assert_eq!(guesses(few).await, 3);

    let one_mail = World::in_memory(|builder| {
        defaults(builder).mail(NoMail).quota("reset-mail-account", Quota::per_hour(1)).quota("mail", Quota::per_day(9))
    });
    let forgot = async || one_mail.json("/auth/password/forgot", &json!({ "email": "a@example.org" })).await.status;
    assert_eq!([forgot().await, forgot().await], [202, 429]);
    let tokens: Answer = {
        one_mail.join("bob", &[]).await;
        one_mail.login("bob", PASSWORD).await
    };
    let sent =
        one_mail.send(as_bearer("POST", "/auth/email/send-verification", &tokens.text("access_token")), "").await;
    assert_eq!(sent.header("ratelimit-policy"), "\"mail\";q=9;w=86400");
}
