//! The settings that the start refuses.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use auth_runtime::{
    Auth, HasPolicy, Policy,
    account::{self, AccountRoutes, AdministrationRoutes, Part, Registration},
    policy::{Limit, LimitKey, Quota, Rule},
    secret::SystemEntropy,
    store::{Accounts, MemoryStore},
    testing::{ManualClock, TestAuth},
};
use axum::extract::FromRef;

use super::staff::Staff;
use crate::account::world::{START, defaults};

#[derive(Clone, FromRef)]
struct App {
    auth: Auth,
    accounts: Accounts,
}

macro_rules! policies {
    ($($name:ident = $policy:expr;)*) => {$(
        struct $name;
        impl HasPolicy for $name {
            const POLICY: Policy = $policy;
            type Checks = ();
        }
    )*};
}

policies! {
    Anyone = Policy::public("tests::anyone")
        .with_limits(&[Limit::new(Quota::per_minute(10), LimitKey::Address)]);
    SignedIn = Policy::protected("tests::signed_in");
    Either = Policy::protected("tests::either")
        .with_rule(Rule::Any(&[Rule::role("admin"), Rule::Not(&Rule::role("admin"))]));
}

/// Returns the words of the panic.
fn refused<P: HasPolicy>(prefix: &str) -> String
where
    P::Checks: auth_runtime::guard::RunChecks<App>,
{
    let built = catch_unwind(|| account::administration::<P>().prefix(prefix).into_router::<App>());
    let panic = built.expect_err("the router is refused");
    panic.downcast_ref::<String>().cloned().unwrap_or_default()
}

#[test]
fn a_policy_that_says_nothing_about_administrators_is_refused_in_words() {
    for (words, told) in [
        (refused::<Anyone>("/admin"), "`tests::anyone` admits everyone"),
        (refused::<SignedIn>("/admin"), "`tests::signed_in` admits every signed-in caller"),
        (refused::<Either>("/admin"), "`tests::either` admits every signed-in caller"),
    ] {
        assert!(words.contains(told) && words.contains("let it require a role, a scope or a check"), "{words}");
    }
    let both = refused::<SignedIn>("admin");
    assert!(both.contains("names no path") && both.contains("tests::signed_in"), "all faults at once: {both}");
}

#[test]
fn the_prefix_moves_all_endpoints_and_each_is_narrowed_by_the_policy() {
    let router = account::administration::<Staff>().prefix("/staff").into_router::<App>();
    let matrix = router.access_matrix();
    assert_eq!(matrix.rows().len(), 19);
    for row in matrix.rows() {
        assert!(row.path.starts_with("/staff/"), "{row:?}");
        assert_eq!(row.narrowed_by, ["tests::staff"], "{row:?}");
        assert!(!row.via.contains("api_key"), "{row:?}");
    }
    assert!(refused::<Staff>("/.well-known").contains("RFC 8615"));
}

/// Returns the words of the panic of a service with these account endpoints and endpoints of administration.
fn refused_together(routes: AccountRoutes, administration: AdministrationRoutes<Staff>) -> Option<String> {
    let clock = ManualClock::at(START);
    let store = MemoryStore::new(Arc::new(clock.clone()), Arc::new(SystemEntropy::new()));
    let accounts = Accounts::new(store);
    let TestAuth { auth, .. } = TestAuth::with_clock(clock, |builder| defaults(builder.accounts(&accounts)));
    let router = routes.into_router().merge(administration.into_router());
    let start = || drop(router.with_state::<()>(App { auth, accounts }));
    let panic = catch_unwind(AssertUnwindSafe(start)).err()?;
    Some(panic.downcast_ref::<String>().cloned().unwrap_or_default())
}

/// The link of such an invitation would open nothing.
#[tokio::test]
async fn invitations_that_nobody_can_accept_are_refused_in_words() {
    let closed = || AccountRoutes::new().registration(Registration::closed());
    let without = || AccountRoutes::new().without(Part::Registration);
    let administration = || account::administration::<Staff>();
    for (routes, why) in
        [(closed(), "`Registration::closed()` accepts none"), (without(), "`Part::Registration` is off")]
    {
        let told = refused_together(routes, administration()).expect("the router is refused");
        assert!(told.contains(why) && told.contains("call `.without_invitations()`"), "{told}");
    }
    for routes in [closed(), without()] {
        assert_eq!(refused_together(routes, administration().without_invitations()), None);
    }
    for routes in [AccountRoutes::new(), AccountRoutes::new().registration(Registration::by_invitation())] {
        assert_eq!(refused_together(routes, administration()), None);
    }
    // A service of administrators alone: another process registers people.
    assert_eq!(refused_together(AccountRoutes::new().only([Part::Me]), administration()), None);
    let matrix = administration().without_invitations().into_router::<App>().access_matrix();
    assert!(matrix.rows().iter().all(|row| row.path != "/auth/admin/invitations"));
}
