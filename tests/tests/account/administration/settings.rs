//! The settings that the start refuses.

use std::panic::catch_unwind;

use auth_runtime::{
    Auth, HasPolicy, Policy, account,
    policy::{Limit, LimitKey, Quota, Rule},
    store::Accounts,
};
use axum::extract::FromRef;

use super::staff::Staff;

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
    assert_eq!(matrix.rows().len(), 18);
    for row in matrix.rows() {
        assert!(row.path.starts_with("/staff/"), "{row:?}");
        assert_eq!(row.narrowed_by, ["tests::staff"], "{row:?}");
        assert!(!row.via.contains("api_key"), "{row:?}");
    }
    assert!(refused::<Staff>("/.well-known").contains("RFC 8615"));
}
