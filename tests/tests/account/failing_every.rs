//! Each call of the store that each endpoint makes fails once. The access matrix names the endpoints, so a new one
//! fails this test until it is here.

use std::{collections::BTreeSet, time::Duration};

use auth_runtime::{
    account::{AccountRoutes, Part, administration},
    clock::Clock,
    error::StoreError,
    limit::{Charge, LimitStore},
    prelude::GuardedRouter,
    store::AccountStore,
};
use axum::http::{Request, request::Builder};
use serde_json::{Value, json};
use tokio::time::sleep;

use super::{
    administration::staff::{Rank, Staff, path, superuser, token},
    answers::Answer,
    cookies::{cookie, sign_in},
    failing::Flaky,
    mailbox::Mailbox,
    recognised_app::{self, begin_in, link_for, return_to},
    world::{App, PASSWORD, World, as_bearer, defaults, events, post},
};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const NEW: &str = "another horse battery";

/// Ways to call an endpoint that make other calls of the store.
const OTHER_WAYS: [&str; 7] = [
    "POST /auth/register, invited",
    "POST /auth/session, as a form",
    "POST /auth/session, with a cookie",
    "POST /auth/token, refreshing",
    "POST /auth/password, keys",
    "POST /own/app/finish, by a link",
    "GET /own/link, elsewhere",
];

/// Endpoints that call no store.
const WITHOUT_STORE: [&str; 2] = ["GET /own/begin", "POST /own/app"];

/// Endpoints whose answer does not wait for their last calls, or does not depend on them.
const ANSWERS_BEFORE_THE_END: [&str; 14] = [
    "DELETE /auth/admin/accounts/{id}",
    "DELETE /auth/me",
    "POST /auth/admin/accounts",
    "POST /auth/email",
    "POST /auth/email/change",
    "POST /auth/email/send-verification",
    "POST /auth/email/verify",
    "POST /auth/password",
    "POST /auth/password, keys",
    "POST /auth/password/forgot",
    "POST /auth/password/reset",
    "POST /auth/register",
    "POST /auth/register, invited",
    "PUT /auth/admin/accounts/{id}/email",
];

fn endpoints() -> BTreeSet<String> {
    let accounts: GuardedRouter<App> =
        AccountRoutes::new().with(Part::EmailChange).with(Part::AccountDeletion).into_router();
    let administration: GuardedRouter<App> = administration::<Staff>().roles::<Rank>().into_router();
    let all = accounts.merge(administration).merge(recognised_app::routes());
    let rows = all.access_matrix();
    let rows = rows.rows().iter().map(|row| format!("{} {}", row.method, row.path));
    // The first answers from memory and may be cached; the second only makes a mistake.
    rows.filter(|row| !["GET /.well-known/jwks.json", "GET /own/careless"].contains(&row.as_str()))
        .chain(OTHER_WAYS.map(str::to_owned))
        .collect()
}

struct Stage {
    world: World,
    store: Flaky,
    mailbox: Mailbox,
}

impl Stage {
    async fn new() -> Self {
        let (sender, mailbox) = Mailbox::new();
        let (world, store) = Flaky::world_with(|builder| defaults(builder).mail(sender));
        superuser(&world, "root").await;
        mailbox.next("verify").await;
        Self { world, store, mailbox }
    }

    /// Sends the request with its call number `call` failing. Returns the answer, and whether the call was made.
    async fn fail(&self, (request, body): (Builder, String), call: usize) -> (Answer, bool) {
        self.store.fail_at(call);
        let answer = self.world.send(request, body).await;
        // Messages are written after the answer, and interrupted work is tried again seconds later.
        sleep(Duration::from_secs(10)).await;
        (answer, !self.store.is_left_over())
    }

    /// Makes each call of the endpoint fail in turn, and returns the number of calls.
    async fn fail_each(&self, endpoint: &str) -> usize {
        // The application of these tests itself finds the account, and expects no failure.
        let begin = usize::from(endpoint == "POST /own/ask");
        let mut has_succeeded = false;
        for call in begin.. {
            self.world.clock.advance(Duration::from_secs(900));
            let name = format!("user{}", fresh());
            // What the last request sent.
            while !self.mailbox.is_empty().await {
                self.mailbox.drop_next().await;
            }
            let request = self.request(endpoint, &name).await;
            let before = events().matches(&self.store.cause).count();
            let (answer, is_reached) = self.fail(request, call).await;
            let why = format!("{endpoint}, call {call}: {answer:?}");
            if !is_reached {
                assert!(answer.status < 400, "{why}");
                return call;
            }
            has_succeeded |= is_success(&answer);
            assert_eq!(is_success(&answer), has_succeeded, "{why}");
            let may_succeed = ANSWERS_BEFORE_THE_END.contains(&endpoint);
            assert!(is_unavailable(&answer) || (may_succeed && has_succeeded), "{why}");
            assert!(!format!("{answer:?}").contains("canary"), "{why}");
            assert!(events().matches(&self.store.cause).count() > before, "the operator was not told: {why}");
        }
        unreachable!("the range has no end")
    }

    /// Prepares everything that the request needs, with a new person of this name.
    async fn request(&self, endpoint: &str, name: &str) -> (Builder, String) {
        let email = format!("{name}@example.org");
        let registration = json!({ "username": name, "email": email, "password": PASSWORD });
        match endpoint {
            "POST /auth/register" => return json("/auth/register", &registration),
            "POST /auth/register, invited" => {
                let body = json!({ "email": email });
                let (request, body) = self.as_root("POST", "/auth/admin/invitations", &body).await;
                assert_eq!(self.world.send(request, body).await.status, 201);
                let mut registration = registration;
                registration["invitation"] = self.mailbox.next("invitation").await.token.into();
                return json("/auth/register", &registration);
            }
            "POST /auth/admin/invitations" => {
                return self.as_root("POST", "/auth/admin/invitations", &json!({ "email": email })).await;
            }
            "POST /auth/admin/accounts" => {
                let body = json!({ "email": email, "username": name });
                return self.as_root("POST", "/auth/admin/accounts", &body).await;
            }
            "GET /auth/admin/accounts" => return self.as_root("GET", "/auth/admin/accounts", &Value::Null).await,
            _ => {}
        }
        let id = self.world.join(name, &["auth:introspect", "notes:read"]).await.id;
        let verification = self.mailbox.next("verify").await.token;
        if endpoint == "POST /auth/email/verify" {
            return json("/auth/email/verify", &json!({ "token": verification }));
        }
        // An address that must still be verified is for the endpoint that sends a mail about it.
        if endpoint != "POST /auth/email/send-verification" {
            assert!(self.store.inner.set_email_verified(&id, &email, self.world.auth.clock().unix()).await.unwrap());
        }
        if endpoint.contains(" /auth/admin/") {
            return self.administration(endpoint, name, &id).await;
        }
        if endpoint.contains(" /own/") {
            return self.recognised(endpoint, name, &id).await;
        }
        self.own(endpoint, name, &id).await
    }

    async fn as_root(&self, method: &str, path: &str, body: &Value) -> (Builder, String) {
        with_token(method, path, &token(&self.world, "root").await, body)
    }

    async fn administration(&self, endpoint: &str, name: &str, id: &str) -> (Builder, String) {
        let (method, template) = endpoint.split_once(' ').unwrap();
        let what = template.strip_prefix("/auth/admin/accounts/{id}").unwrap();
        let own = token(&self.world, name).await;
        let (what, body) = match what {
            "/roles" => (what.to_owned(), json!({ "roles": ["reader"] })),
            "/scopes" => (what.to_owned(), json!({ "scopes": [] })),
            "/superuser" => (what.to_owned(), json!({ "superuser": true })),
            "/active" => (what.to_owned(), json!({ "active": false })),
            "/username" => (what.to_owned(), json!({ "username": format!("{name}_x") })),
            "/email" => (what.to_owned(), json!({ "email": format!("{name}.x@example.org") })),
            "/sessions/{session}" => (format!("/sessions/{}", self.session(id).await), Value::Null),
            "/api-keys/{key}" => (format!("/api-keys/{}", self.key(&own).await), Value::Null),
            "" | "/require-reset" | "/unlock" | "/sessions" | "/api-keys" => (what.to_owned(), Value::Null),
            _ => panic!("write here how to call {endpoint}"),
        };
        self.as_root(method, &path(id, &what), &body).await
    }

    async fn recognised(&self, endpoint: &str, name: &str, id: &str) -> (Builder, String) {
        let world = &self.world;
        let navigation = |path: String, cookie: &str| {
            let request = Request::get(path).header("sec-fetch-site", "cross-site").header("cookie", cookie);
            (request, String::new())
        };
        match endpoint {
            "GET /own/begin" => (Request::get("/own/begin"), String::new()),
            "GET /own/methods" => with_token("GET", "/own/methods", &token(world, name).await, &Value::Null),
            "POST /own/app" => form("/own/app", String::new()),
            "POST /own/ask" => form("/own/ask", format!("user={name}")),
            "GET /own/callback" => {
                let begun = begin_in(world).await;
                navigation(format!("/own/callback?state={}&user={id}", begun.state), &begun.cookie)
            }
            "GET /own/link" | "GET /own/link, elsewhere" => {
                let asked = link_for(world, name).await;
                let cookie = if endpoint == "GET /own/link" { &*asked.cookie } else { "" };
                navigation(format!("/own/link?state={}&token={}", asked.state, asked.token), cookie)
            }
            "POST /own/link" => form("/own/link", format!("token={}", link_for(world, name).await.token)),
            "POST /own/app/finish" | "POST /own/app/finish, by a link" => {
                let begun = world.form("/own/app", "").await;
                let who = match endpoint {
                    "POST /own/app/finish" => format!("user={id}"),
                    _ => format!("token={}", link_for(world, name).await.token),
                };
                let (state, verifier) = (begun.text("state"), begun.text("verifier"));
                form("/own/app/finish", format!("state={state}&verifier={verifier}&{who}"))
            }
            _ => panic!("write here how to call {endpoint}"),
        }
    }

    /// Endpoints that people call for themselves.
    async fn own(&self, endpoint: &str, name: &str, id: &str) -> (Builder, String) {
        let world = &self.world;
        let email = format!("{name}@example.org");
        let credentials = json!({ "username": name, "password": PASSWORD });
        let in_form = format!("username={name}&password=correct+horse+battery");
        let change = json!({ "current_password": PASSWORD, "new_password": NEW });
        let signed_in = world.login(name, PASSWORD).await;
        let (bearer, refresh) = (signed_in.text("access_token"), signed_in.text("refresh_token"));
        let own = |method: &str, path: &str, body: &Value| with_token(method, path, &bearer, body);
        match endpoint {
            "POST /auth/login" => json("/auth/login", &credentials),
            "POST /auth/session" => json("/auth/session", &credentials),
            "POST /auth/session, as a form" => form("/auth/session", in_form),
            "POST /auth/session, with a cookie" => {
                let former = cookie(&sign_in(world, name).await);
                let (request, body) = json("/auth/session", &credentials);
                (request.header("cookie", former), body)
            }
            "POST /auth/token" => form("/auth/token", format!("grant_type=password&{in_form}")),
            "POST /auth/token, refreshing" => {
                form("/auth/token", format!("grant_type=refresh_token&refresh_token={refresh}"))
            }
            "POST /auth/refresh" => json("/auth/refresh", &json!({ "refresh_token": refresh })),
            "POST /auth/revoke" => form("/auth/revoke", format!("token={refresh}")),
            "POST /auth/introspect" => {
                (as_bearer("POST", "/auth/introspect", &bearer).header("content-type", FORM), format!("token={bearer}"))
            }
            "POST /auth/reauthenticate" => own("POST", "/auth/reauthenticate", &json!({ "password": PASSWORD })),
            "POST /auth/password" => own("POST", "/auth/password", &change),
            "POST /auth/password, keys" => {
                let mut change = change;
                change["revoke_api_keys"] = true.into();
                own("POST", "/auth/password", &change)
            }
            "POST /auth/password/forgot" => json("/auth/password/forgot", &json!({ "email": email })),
            "POST /auth/password/reset" => {
                assert_eq!(world.json("/auth/password/forgot", &json!({ "email": email })).await.status, 202);
                let token = self.mailbox.next("reset").await.token;
                json("/auth/password/reset", &json!({ "token": token, "new_password": NEW }))
            }
            "POST /auth/email" => own("POST", "/auth/email", &json!({ "new_email": format!("{name}.x@example.org") })),
            "POST /auth/email/change" => {
                let body = json!({ "new_email": format!("{name}.x@example.org") });
                assert_eq!(world.json_as(&bearer, "/auth/email", &body).await.status, 202);
                self.mailbox.next("email_change_requested").await;
                json("/auth/email/change", &json!({ "token": self.mailbox.next("email_change").await.token }))
            }
            "DELETE /auth/sessions/{id}" => {
                own("DELETE", &format!("/auth/sessions/{}", self.session(id).await), &Value::Null)
            }
            "POST /auth/api-keys" => own("POST", "/auth/api-keys", &json!({ "name": "deploy", "scopes": [] })),
            "POST /auth/api-keys/{id}/rotate" => {
                own("POST", &format!("/auth/api-keys/{}/rotate", self.key(&bearer).await), &json!({}))
            }
            "DELETE /auth/api-keys/{id}" => {
                own("DELETE", &format!("/auth/api-keys/{}", self.key(&bearer).await), &Value::Null)
            }
            "POST /auth/logout"
            | "POST /auth/logout/all"
            | "GET /auth/sessions"
            | "DELETE /auth/sessions"
            | "POST /auth/email/send-verification"
            | "GET /auth/me"
            | "DELETE /auth/me"
            | "GET /auth/api-keys" => {
                let (method, path) = endpoint.split_once(' ').unwrap();
                own(method, path, &Value::Null)
            }
            _ => panic!("write here how to call {endpoint}"),
        }
    }

    /// Returns the identifier of a live session.
    async fn session(&self, id: &str) -> String {
        self.world.administration().sessions(id).await.unwrap().remove(0).id
    }

    /// Creates an API key, and returns its identifier.
    async fn key(&self, bearer: &str) -> String {
        self.world.json_as(bearer, "/auth/api-keys", &json!({ "name": "deploy", "scopes": [] })).await.text("id")
    }
}

fn json(path: &str, body: &Value) -> (Builder, String) {
    (post(path, JSON).header("sec-fetch-site", "same-origin"), body.to_string())
}

fn form(path: &str, body: String) -> (Builder, String) {
    (post(path, FORM).header("sec-fetch-site", "same-origin"), body)
}

fn with_token(method: &str, path: &str, token: &str, body: &Value) -> (Builder, String) {
    let request = as_bearer(method, path, token);
    if body.is_null() { (request, String::new()) } else { (request.header("content-type", JSON), body.to_string()) }
}

/// Numbers the people of a test.
fn fresh() -> usize {
    use std::sync::atomic::{AtomicUsize, Ordering};

    static NEXT: AtomicUsize = AtomicUsize::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// A form is answered by redirects: without a page of the application, only where it succeeds.
fn is_success(answer: &Answer) -> bool {
    answer.status < 400
}

fn is_unavailable(answer: &Answer) -> bool {
    answer.status == 503 && answer.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds >= 1)
}

#[tokio::test(start_paused = true)]
async fn every_call_of_every_endpoint_fails_once() {
    let endpoints = endpoints();
    assert!(endpoints.len() > 50, "{endpoints:#?}");
    for endpoint in &endpoints {
        // A stage does not live long enough for its store to be cleaned.
        let calls = Stage::new().await.fail_each(endpoint).await;
        assert_eq!(calls == 0, WITHOUT_STORE.contains(&&**endpoint), "{endpoint} makes {calls} calls");
    }
    for listed in WITHOUT_STORE.iter().chain(&ANSWERS_BEFORE_THE_END) {
        assert!(endpoints.contains(*listed), "{listed} is no endpoint");
    }
}

/// A store of counters that does not answer.
struct Broken;

const CAUSE: &str = "canary: the counters of recognised sign-ins do not answer";

impl LimitStore for Broken {
    fn charge<'a>(&'a self, _: &'a mut [Charge<'_>], _: &'a dyn Clock) -> auth_runtime::limit::Answer<'a> {
        auth_runtime::limit::Answer::Ready(Err(StoreError::new("counters", CAUSE)))
    }
}

/// The limit by address and the single use of a sign-in then count in the process.
#[tokio::test]
async fn without_the_store_of_counters_a_recognised_sign_in_still_finishes_once_and_is_limited() {
    let world = World::in_memory(|builder| defaults(builder).limit_store(Broken));
    let alice = world.join("alice", &[]).await;
    let begun = begin_in(&world).await;
    let own = [begun.cookie.as_str()];
    assert_eq!(return_to(&world, &begun.state, &alice.id, &own).await.status, 200);
    return_to(&world, &begun.state, &alice.id, &own).await.assert_problem(403, "sign-in-not-begun");
    let peer = super::world::fresh_address();
    let mut statuses = Vec::new();
    for _ in 0..21 {
        let request = Request::get("/own/callback?state=x").header("sec-fetch-site", "cross-site");
        statuses.push(world.send_from(peer, request, "").await.status);
    }
    assert_eq!((statuses[19], statuses[20]), (403, 429), "{statuses:?}");
    assert!(events().contains(CAUSE), "the operator is told");
}
