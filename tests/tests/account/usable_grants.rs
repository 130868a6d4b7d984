//! `Administration` sets only roles and scopes with which the account can sign in.

use auth_runtime::{
    account::{AdministrationError, GrantError},
    store::{Account, AccountStore},
};
use serde_json::json;

use super::{
    cookies,
    failing::Flaky,
    world::{PASSWORD, World, defaults, events, every_store},
};

/// A quote, percent-encoded. A client identifier of quotes only has the longest JSON.
const CLIENT: &str = "%22";

fn names(prefix: &str, count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{prefix}{number:03}")).collect()
}

async fn set_roles(world: &World, account: &Account, roles: &[String]) -> Result<(), GrantError> {
    world.administration().set_roles(&account.id, roles).await.map_err(refusal)
}

async fn set_scopes(world: &World, account: &Account, scopes: &[String]) -> Result<(), GrantError> {
    world.administration().set_scopes(&account.id, scopes).await.map_err(refusal)
}

fn refusal(error: AdministrationError) -> GrantError {
    match error {
        AdministrationError::Grant(error) => error,
        other => panic!("{other}"),
    }
}

/// Signs in in every way, and returns the length of the longest access token.
async fn sign_in_every_way(world: &World) -> usize {
    let client = CLIENT.repeat(255);
    let login = format!("grant_type=password&username=alice&password=correct+horse+battery&client_id={client}");
    let granted = world.token(&login).await;
    let token = granted.text("refresh_token");
    let refresh = format!("grant_type=refresh_token&refresh_token={token}&client_id={client}");
    let refreshed = world.token(&refresh).await;
    let json = world.login("alice", PASSWORD).await;
    let renewed = world.refresh(&json.text("refresh_token")).await;
    let access = renewed.text("access_token");
    let proven = world.json_as(&access, "/auth/reauthenticate", &json!({ "password": PASSWORD })).await;
    assert_eq!(cookies::sign_in(world, "alice").await.status, 200);
    let mut longest = 0;
    for answer in [granted, refreshed, json, renewed, proven] {
        let token = answer.text("access_token");
        assert_eq!(world.me(&token).await.status, 200);
        longest = longest.max(token.len());
    }
    longest
}

#[tokio::test]
async fn more_roles_than_a_token_holds_are_refused_with_their_number() {
    every_store(async |world| {
        let alice = world.join("alice", &[]).await;
        for (count, fits) in [(97, false), (89, false), (88, true)] {
            let set = set_roles(&world, &alice, &names("r", count)).await;
            assert_eq!(set.is_ok(), fits, "{count}");
            let message = set.map_or_else(|error| error.to_string(), |_| String::new());
            let expected = format!("{count} roles are too many: at most 88 fit into a token");
            assert_eq!(message, if fits { String::new() } else { expected });
            assert_eq!(world.account("alice").await.roles.len(), if fits { count } else { 0 });
        }
        sign_in_every_way(&world).await;
    })
    .await;
}

#[tokio::test]
async fn grants_too_long_for_a_token_are_refused_and_stored_grants_sign_in() {
    for most in [2_048, 4_096, 8_192] {
        let change = |builder| defaults(builder).allow_password_grant(true).access_token_bytes(most);
        let world = World::in_memory(change);
        let alice = world.join("alice", &[]).await;
        // Alternates, so that scopes are checked together with the roles, and roles with the scopes.
        let most = usize::try_from(most).unwrap();
        let mut refused = None;
        for count in 1..1_000 {
            let (scopes, roles) = (names("notes:s", count), names("r", count.min(80)));
            let set = async { set_scopes(&world, &alice, &scopes).await.and(set_roles(&world, &alice, &roles).await) };
            refused = set.await.err();
            if refused.is_some() {
                break;
            }
        }
        let refused = refused.expect("a thousand scopes are too many");
        let GrantError::TokenTooLong { bytes, max: told } = &refused else { panic!("{refused}") };
        assert!(*told == most && (most + 1..most + 40).contains(bytes), "{refused:?}");
        let expected = format!("would have {bytes} bytes: at most {most} are allowed");
        assert!(refused.to_string().ends_with(&expected), "{refused}");
        let longest = sign_in_every_way(&world).await;
        // The refused grant really was too long. The check reserves some bytes for the number in reissued tokens, and
        // for the methods of authentication.
        assert!((most - 200..=most).contains(&longest), "{longest} of {most}");
    }
}

#[tokio::test]
async fn without_a_setting_a_token_has_4096_bytes() {
    let world = World::in_memory(defaults);
    let alice = world.join("alice", &[]).await;
    let error = set_scopes(&world, &alice, &names("notes:s", 400)).await.unwrap_err();
    assert!(matches!(error, GrantError::TokenTooLong { max: 4_096, .. }), "{error}");
    assert_eq!(world.account("alice").await.scopes, [""; 0], "nothing was set");
}

#[tokio::test]
async fn names_that_no_token_or_policy_can_hold_are_refused() {
    let world = World::in_memory(defaults);
    let alice = world.join("alice", &[]).await;
    let long = "a".repeat(256);
    for role in ["", " ", " admin", "admin ", "a\nb", "a\tb", "a\0b", "a\u{85}b", "admin\u{a0}", &long] {
        let roles = ["reader".to_owned(), role.to_owned()];
        let error = set_roles(&world, &alice, &roles).await.unwrap_err();
        assert!(matches!(&error, GrantError::Role(name) if name == role), "{role:?}: {error}");
    }
    for scope in ["", " ", "a b", "a\"b", "a\\b", "ä", "a\n", "\u{7f}", &long] {
        let scopes = ["notes:read".to_owned(), scope.to_owned()];
        let error = set_scopes(&world, &alice, &scopes).await.unwrap_err();
        assert!(matches!(&error, GrantError::Scope(name) if name == scope), "{scope:?}: {error}");
    }
    let twice = ["admin".to_owned(), "reader".to_owned(), "admin".to_owned()];
    for error in [set_roles(&world, &alice, &twice).await, set_scopes(&world, &alice, &twice).await] {
        assert_eq!(error.unwrap_err().to_string(), "\"admin\" is given twice");
    }
    let found = world.account("alice").await;
    assert_eq!((found.roles.len(), found.scopes.len()), (0, 0), "nothing was set");

    // Names that policies may have.
    let roles = ["Chief editor, \"north\"", "ältere_person", "a\\b", &long[1..]].map(str::to_owned);
    set_roles(&world, &alice, &roles).await.unwrap();
    let scopes = ["!#[]~", "https://api.example/notes.read", "a,b", &long[1..]].map(str::to_owned);
    set_scopes(&world, &alice, &scopes).await.unwrap();
    let tokens = world.login("alice", PASSWORD).await;
    assert_eq!(tokens.text("scope"), scopes.join(" "));
    let me = world.me(&tokens.text("access_token")).await.json();
    assert_eq!(me["roles"], json!(roles));
}

/// If an application stored too many names, an administrator can remove them one by one.
#[tokio::test]
async fn taking_away_is_never_refused() {
    every_store(async |world| {
        let alice = world.join("alice", &[]).await;
        let (roles, scopes) = (names("a\nb", 200), names("c d", 2_000));
        let store = world.accounts.accounts();
        assert!(store.set_roles(&alice.id, &roles).await.unwrap());
        assert!(store.set_scopes(&alice.id, &scopes).await.unwrap());
        for kept in [199, 1, 0] {
            set_roles(&world, &alice, &roles[..kept]).await.unwrap();
            assert_eq!(world.account("alice").await.roles, roles[..kept]);
        }
        // A grant is checked together with the names that the account still has.
        let error = set_roles(&world, &alice, &names("r", 1)).await.unwrap_err();
        assert!(matches!(error, GrantError::TokenTooLong { .. }), "{error}");
        set_scopes(&world, &alice, &scopes[..1]).await.unwrap();
        set_roles(&world, &alice, &names("r", 1)).await.unwrap();
        assert!(store.set_roles(&alice.id, &names("r", 97)).await.unwrap());
        let error = set_scopes(&world, &alice, &names("s", 1)).await.unwrap_err();
        assert!(matches!(error, GrantError::TooManyRoles { roles: 97, .. }), "{error}");
    })
    .await;
}

/// Each call checks against the state before the other. Verifiers still accept a token with both grants.
#[tokio::test]
async fn roles_and_scopes_that_are_set_at_once_leave_an_account_that_can_sign_in() {
    let (world, store) = Flaky::world_with(|builder| defaults(builder).access_token_bytes(8_192));
    let alice = world.join("alice", &[]).await;
    let roles: Vec<_> = (0..88).map(|number| format!("{number:050}")).collect();
    let scopes: Vec<_> = (0..480).map(|number| format!("s{number:07}")).collect();
    let (administration, id, set_meanwhile) = (world.administration(), alice.id.clone(), scopes.clone());
    // The scopes change after the account is read and before the roles are written.
    store.before(1, async move { administration.set_scopes(&id, &set_meanwhile).await.unwrap() });
    set_roles(&world, &alice, &roles).await.unwrap();
    let found = world.account("alice").await;
    assert_eq!((found.roles, found.scopes), (roles, scopes));
    assert!(sign_in_every_way(&world).await > 8_192);
}

#[tokio::test]
async fn oversized_grants_written_by_the_application_fail_with_their_reason() {
    let (world, store) = Flaky::world();
    let alice = world.join("alice", &[]).await;
    for (roles, scopes, reason) in [(97, 0, "too_many_roles"), (0, 3_000, "token_too_long")] {
        assert!(store.inner.set_roles(&alice.id, &names("r", roles)).await.unwrap());
        assert!(store.inner.set_scopes(&alice.id, &names("s", scopes)).await.unwrap());
        world.login("alice", PASSWORD).await.assert_problem(503, "unavailable");
        let events = events();
        let is_told = |line: &&str| line.contains(&alice.id) && line.contains(reason);
        let line = events.lines().find(is_told).unwrap_or_else(|| panic!("no event tells of {reason}"));
        let counts = format!("roles={roles} scopes={scopes}");
        assert!(line.contains("ERROR") && line.contains("Administration") && line.contains(&counts), "{line}");
    }
}
