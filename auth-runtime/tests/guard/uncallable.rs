//! Policies that no caller of the service can satisfy, or that restrict none: the router reports them.

use auth_runtime::{
    Auth, GuardedRouter, Role,
    auth::AuthBuilder,
    authn::{Authenticator, AuthnError},
    clock::UnixTime,
    identity::Identity,
    policy::Via,
    prelude::{Accounts, authorize, get, protected, public, require_role, require_scope},
    store::{BoxFuture, MemoryStore},
    testing::TestAuth,
};
use axum::Router;

use super::support::*;

#[protected(via(api_key))]
#[require_role("admin")]
async fn admins_key() {}

#[protected(via(api_key))]
#[authorize(scope("a") && (role("admin") || role("editor")) || role("owner"))]
async fn every_branch_has_a_role() {}

#[protected(via(api_key))]
#[authorize(scope("a") || role("admin"))]
async fn scope_or_role() {}

#[protected(via(api_key))]
#[authorize(!role("banned"))]
async fn not_banned() {}

#[protected(via(api_key))]
#[require_scope("a")]
async fn scoped_key() {}

#[protected(via(bearer, api_key))]
#[require_role("admin")]
async fn admin() {}

#[protected(via(session))]
async fn by_session() {}

#[protected(via(bearer, session))]
async fn by_two_kinds() {}

#[protected]
async fn by_any() {}

#[public]
async fn open() {}

#[derive(Role)]
enum Rank {
    #[role(implies(Member))]
    Admin,
    Member,
    A,
    B,
    C,
    D,
    E,
    F,
    G,
}

#[authorize((role(Rank::A) || role(Rank::B) || role(Rank::C) || role(Rank::D) || role(Rank::E) || role(Rank::F)
    || role(Rank::G)) && role(Rank::Admin) && !role(Rank::Member))]
async fn never() {}

#[authorize(role(Rank::A) || role(Rank::B) || role(Rank::C) || role(Rank::D) || role(Rank::E) || role(Rank::F)
    || role(Rank::G) || !role(Rank::Admin) || role(Rank::Member))]
async fn always() {}

#[authorize((role(Rank::A) || role(Rank::B) || role(Rank::C) || role(Rank::D) || role(Rank::E) || role(Rank::F)
    || role(Rank::G)) && role(Rank::Member) && !role(Rank::Admin))]
async fn sometimes() {}

policy!(Nobody = auth_runtime::Policy::protected("nobody").with_via(Via::NONE));

async fn nobody(_: auth_runtime::Guard<Nobody>) {}

fn with_accounts(builder: AuthBuilder) -> AuthBuilder {
    builder.accounts(&Accounts::new(MemoryStore::default()))
}

/// An authenticator of the application that recognises API keys of callers with roles.
struct Keys;

impl Authenticator for Keys {
    fn via(&self) -> Via {
        Via::API_KEY
    }

    fn authenticate<'a>(&'a self, _: &'a str, _: UnixTime) -> BoxFuture<'a, Result<Identity, AuthnError>> {
        Box::pin(async { Err(AuthnError::Invalid("unknown")) })
    }
}

/// Returns the router's events while it is built with an engine of this kind.
async fn told(engine: fn(AuthBuilder) -> AuthBuilder, build: impl FnOnce(Auth) -> Router) -> Vec<String> {
    let TestAuth { auth, .. } = TestAuth::with(engine);
    let log = events(async { drop(build(auth)) }).await;
    let lines = log.lines().filter(|line| line.contains("auth_runtime::router"));
    lines.map(str::to_owned).collect()
}

fn assert_told(told: &[String], expected: &[&[&str]]) {
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    for (line, words) in told.iter().zip(expected) {
        assert!(line.contains("WARN"), "{line}");
        for word in *words {
            assert!(line.contains(word), "{word}: {line}");
        }
    }
}

fn role_by_key() -> GuardedRouter<Auth> {
    GuardedRouter::new().route("/admin", get(admins_key)).route("/branches", get(every_branch_has_a_role))
}

#[tokio::test]
async fn a_role_of_callers_with_an_api_key_is_reported() {
    let told = told(with_accounts, |auth| role_by_key().with_state(auth).into_router()).await;
    let why = "the rule requires a role, and API keys carry none";
    assert_told(
        &told,
        &[
            &[r#"http.route="/admin""#, r#"policy="guard::guard::uncallable::admins_key""#, r#"via="api_key""#, why],
            &[r#"http.route="/branches""#, "every_branch_has_a_role", why],
        ],
    );
}

#[tokio::test]
async fn keys_of_an_authenticator_may_have_roles() {
    for engine in
        [|builder| with_accounts(builder).authenticator(Keys), |builder: AuthBuilder| builder.authenticator(Keys)]
    {
        assert_told(&told(engine, |auth| role_by_key().with_state(auth).into_router()).await, &[]);
    }
}

#[tokio::test]
async fn rules_that_some_key_satisfies_are_not_reported() {
    let build = |auth| {
        let routes = GuardedRouter::new().route("/a", get(scope_or_role)).route("/b", get(not_banned));
        let routes = routes.route("/c", get(scoped_key)).route("/d", get(admin)).route("/e", get(by_session));
        routes.route("/f", get(by_any).post(nobody)).fallback(open).with_state(auth).into_router()
    };
    assert_told(&told(with_accounts, build).await, &[]);
}

#[tokio::test]
async fn kinds_that_nothing_recognises_are_reported() {
    let routes = || {
        let routes = GuardedRouter::new().route("/session", get(by_session)).route("/key", get(admins_key));
        routes.route("/two", get(by_two_kinds)).route("/any", get(by_any)).route("/open", get(open))
    };
    let all = "accepts only credentials that the `Auth` does not recognise";
    let told_without = told(|builder| builder, |auth| routes().with_state(auth).into_router()).await;
    assert_told(
        &told_without,
        &[
            &[r#"http.route="/session""#, r#"via="session""#, all],
            &[r#"http.route="/key""#, r#"via="api_key""#, all],
            &[r#"http.route="/two""#, r#"via="session""#, "accepts a credential that the `Auth` does not recognise"],
        ],
    );
    let with_sessions = |builder: AuthBuilder| builder.authenticator(Sessions { claims: Via::SESSION });
    let told_with = told(with_sessions, |auth| routes().with_state(auth).into_router()).await;
    assert_told(&told_with, &[&[r#"http.route="/key""#, all]]);
}

#[tokio::test]
async fn each_handler_is_reported_once_wherever_its_router_gets_its_state() {
    let inner = |auth: &Auth| GuardedRouter::new().route("/inner", get(by_session)).with_state::<App>(auth.clone());
    let build = |auth: Auth| {
        let late = GuardedRouter::<App>::new().route("/late", get(by_session));
        let outer = GuardedRouter::<App>::new().fallback(by_session).merge(inner(&auth));
        outer.nest("/below", late).with_state::<()>(App { auth }).into_router()
    };
    let why = "does not recognise";
    assert_told(
        &told(|builder| builder, build).await,
        &[&["/inner", why], &[r#"http.route="(fallback)""#, why], &[r#"http.route="/below/late""#, why]],
    );
    let only_below = |auth: Auth| {
        let late = GuardedRouter::<App>::new().route("/late", get(by_session));
        GuardedRouter::new().nest("/below", late).with_state::<()>(App { auth }).into_router()
    };
    assert_told(&told(|builder| builder, only_below).await, &[&["/below/late", why]]);
}

#[tokio::test]
async fn rules_of_many_roles_are_examined_when_the_router_is_built() {
    let build = |auth| {
        let routes = GuardedRouter::new().route("/never", get(never)).route("/always", get(always));
        routes.route("/sometimes", get(sometimes)).with_state(auth).into_router()
    };
    assert_told(
        &told(|builder| builder, build).await,
        &[
            &[r#"http.route="/never""#, r#"policy="guard::guard::uncallable::never""#, "the rule holds for no caller"],
            &[r#"http.route="/always""#, "the rule holds for every signed-in caller"],
        ],
    );
}
