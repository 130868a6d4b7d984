use auth_runtime::{
    Guard, GuardedRouter, HasPolicy, Policy, assert_denied,
    guard::{Check, CheckRejection},
    policy::{RoleRule, Rule},
    routing::get,
    testing::{TestAuth, TestIdentity},
};
use axum::{
    extract::{FromRequestParts, Path},
    http::{StatusCode, request::Parts},
    response::IntoResponse as _,
};

use super::support::*;

#[tokio::test]
async fn a_role_admits_its_holders_and_those_who_imply_it() {
    policy!(
        Moderators = Policy::protected("moderators")
            .with_rule(Rule::Role(RoleRule::new("moderator").with_implied_by(&["admin"])))
    );
    let TestAuth { auth, .. } = TestAuth::new();
    let app = app::<Moderators>(&auth);
    for (role, status) in
        [("moderator", 200), ("admin", 200), ("member", 403), ("Moderator", 403), ("moderator ", 403), ("", 403)]
    {
        let token = TestIdentity::user("alice").role(role).bearer(&auth);
        let response = send(&app, &[("authorization", &token)]).await;
        assert_eq!(response.status(), status, "{role:?}");
        if status == 403 {
            assert_denied!(response, 403);
            assert_eq!(challenge(&response), "", "a role is not a matter of scope");
        }
    }
}

#[tokio::test]
async fn a_role_with_a_line_break_is_not_two_roles() {
    policy!(Admins = Policy::protected("admins").with_rule(Rule::role("admin")));
    let TestAuth { auth, .. } = TestAuth::new();
    let token = TestIdentity::user("alice").role("member\nadmin").bearer(&auth);
    assert_denied!(send(&app::<Admins>(&auth), &[("authorization", &token)]).await, 403);
}

#[tokio::test]
async fn a_missing_scope_is_named_in_the_challenge() {
    policy!(
        Writers = Policy::protected("writers").with_rule(Rule::All(&[Rule::scope("a:read"), Rule::scope("a:write")]))
    );
    let TestAuth { auth, .. } = TestAuth::new();
    let app = app::<Writers>(&auth);
    let reader = TestIdentity::user("alice").scope("a:read");
    let response = send(&app, &[("authorization", &reader.bearer(&auth))]).await;
    assert_denied!(response, 403);
    assert_eq!(challenge(&response), r#"Bearer realm="api", error="insufficient_scope", scope="a:write""#);
    let writer = reader.scope("a:write");
    assert_eq!(send(&app, &[("authorization", &writer.bearer(&auth))]).await.status(), 200);
}

#[tokio::test]
async fn a_scope_does_not_end_the_challenge_early() {
    policy!(Odd = Policy::protected("odd").with_rule(Rule::scope("a\",realm=\"b\\\u{7f}\u{e9}\n")));
    let TestAuth { auth, .. } = TestAuth::new();
    let response = send(&app::<Odd>(&auth), &[("authorization", &TestIdentity::user("alice").bearer(&auth))]).await;
    assert_denied!(response, 403);
    assert_eq!(challenge(&response), r#"Bearer realm="api", error="insufficient_scope", scope="a,realm=b""#);
}

policy!(Missing = Policy::protected("missing").with_rule(Rule::check(0, "missing")));
policy!(NotMissing = Policy::protected("not_missing").with_rule(Rule::Not(&Rule::check(0, "missing"))));
policy!(
    RoleOrMissing =
        Policy::protected("role_or_missing").with_rule(Rule::Any(&[Rule::role("admin"), Rule::check(0, "missing")]))
);

/// A policy with one check and a rule that names a second one.
struct OneTooFar;

impl HasPolicy for OneTooFar {
    const POLICY: Policy = Policy::protected("one_too_far").with_rule(Rule::Not(&Rule::check(1, "missing")));
    type Checks = (IsEven, ());
}

#[tokio::test]
async fn a_policy_that_names_a_missing_check_admits_no_caller() {
    async fn one_too_far(_: Guard<OneTooFar>) {}
    let TestAuth { auth, .. } = TestAuth::new();
    let admin = TestIdentity::user("root").role("admin").bearer(&auth);
    let router = GuardedRouter::new().route("/", get(one_too_far)).with_state(auth.clone()).into_router();
    for app in [app::<Missing>(&auth), app::<NotMissing>(&auth), app::<RoleOrMissing>(&auth), router] {
        let log = events(async {
            assert_denied!(send(&app, &[("authorization", &admin)]).await, 500);
        })
        .await;
        assert!(log.contains("ERROR") && log.contains("misconfigured"), "{log}");
    }
}

/// Holds for even numbers in the path. Some numbers make it fail, each in its own way.
struct IsEven;

impl<S: Send + Sync> Check<S> for IsEven {
    async fn run(parts: &mut Parts, state: &S) -> Result<bool, CheckRejection> {
        let Path(n): Path<u32> = Path::from_request_parts(parts, state).await.map_err(CheckRejection::argument)?;
        match n {
            404 => Err(CheckRejection::new(StatusCode::NOT_FOUND)),
            200 => Err(CheckRejection::new((StatusCode::OK, "welcome").into_response())),
            n => Ok(n % 2 == 0),
        }
    }
}

/// The attributes refuse these rules. In a handwritten policy they compile.
#[tokio::test]
async fn rules_that_contradict_each_other_admit_no_caller() {
    const ADMIN: Rule = Rule::role("admin");
    const EITHER: Rule = Rule::Any(&[ADMIN, Rule::scope("a")]);
    policy!(RoleAndNot = Policy::protected("role_and_not").with_rule(Rule::All(&[ADMIN, Rule::Not(&ADMIN)])));
    policy!(NotAndRole = Policy::protected("not_and_role").with_rule(Rule::All(&[Rule::Not(&ADMIN), ADMIN])));
    policy!(Nested = Policy::protected("nested").with_rule(Rule::All(&[EITHER, Rule::Not(&EITHER)])));
    let TestAuth { auth, .. } = TestAuth::new();
    let alice = || TestIdentity::user("alice");
    for app in [app::<RoleAndNot>(&auth), app::<NotAndRole>(&auth), app::<Nested>(&auth)] {
        for caller in [alice(), alice().role("admin"), alice().scope("a"), alice().role("admin").scope("a")] {
            assert_denied!(send(&app, &[("authorization", &caller.bearer(&auth))]).await, 403);
        }
        assert_denied!(send(&app, &[]).await, 401);
    }
}

/// The rule holds for every caller, but an anonymous request is still refused.
#[tokio::test]
async fn rules_of_which_one_always_holds_admit_callers_only() {
    policy!(Either = Policy::protected("either").with_rule(Rule::Any(&[Rule::role("a"), Rule::Not(&Rule::role("a"))])));
    let TestAuth { auth, .. } = TestAuth::new();
    let app = app::<Either>(&auth);
    for caller in [TestIdentity::user("alice"), TestIdentity::user("alice").role("a")] {
        assert_eq!(send(&app, &[("authorization", &caller.bearer(&auth))]).await.status(), 200);
    }
    assert_denied!(send(&app, &[]).await, 401);
}

struct Even;

impl HasPolicy for Even {
    const POLICY: Policy =
        Policy::protected("even").with_rule(Rule::Any(&[Rule::role("admin"), Rule::check(0, "IsEven")]));
    type Checks = (IsEven, ());
}

async fn even(_: Guard<Even>) {}

#[tokio::test]
async fn checks_decide_when_the_rest_does_not() {
    let TestAuth { auth, .. } = TestAuth::new();
    let app = GuardedRouter::new().route("/{n}", get(even)).with_state(auth.clone()).into_router();
    let alice = TestIdentity::user("alice").bearer(&auth);
    let admin = TestIdentity::user("root").role("admin").bearer(&auth);
    let mut statuses = Vec::new();
    for (path, token) in [
        ("/2", &alice),
        ("/3", &alice),
        ("/3", &admin),
        ("/x", &alice),
        ("/x", &admin),
        ("/404", &alice),
        ("/200", &alice),
    ] {
        statuses.push(send_to(&app, path, &[("authorization", token)]).await.status().as_u16());
    }
    assert_eq!(statuses, [200, 403, 200, 400, 200, 404, 403], "a check's answer that reads like success refuses");
    assert_denied!(send_to(&app, "/x", &[]).await, 401);
}
