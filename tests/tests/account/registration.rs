//! Who may register, and what the new account gets.

use auth_runtime::{
    account::{AccountRoutes, Part, Registration},
    auth::{AuthBuilder, UserNames},
    secret::SystemEntropy,
    store::{Accounts, MemoryStore, SqliteStore},
    testing::ManualClock,
};
use serde_json::json;

use super::world::{App, PASSWORD, START, World, defaults, events, post};

/// Returns worlds with this registration, one on every store.
pub(super) async fn worlds(
    registration: Registration,
    change: impl Fn(AuthBuilder) -> AuthBuilder,
) -> impl Iterator<Item = World> {
    let clock = ManualClock::at(START);
    let entropy = || std::sync::Arc::new(SystemEntropy::new());
    let memory = MemoryStore::new(std::sync::Arc::new(clock.clone()), entropy());
    let in_memory = world(registration.clone(), &change, clock, Accounts::new(memory));
    let clock = ManualClock::at(START);
    let sqlite = SqliteStore::open_with("sqlite::memory:", std::sync::Arc::new(clock.clone()), entropy()).await;
    let on_sqlite = world(registration, &change, clock, Accounts::new(sqlite.unwrap()));
    [in_memory, on_sqlite].into_iter()
}

pub(super) fn world(
    registration: Registration,
    change: impl FnOnce(AuthBuilder) -> AuthBuilder,
    clock: ManualClock,
    accounts: Accounts,
) -> World {
    let routes = AccountRoutes::new().registration(registration);
    World::of(routes, |builder| change(defaults(builder)), clock, accounts)
}

#[tokio::test]
async fn a_closed_registration_says_so_and_opens_nothing() {
    for world in worlds(Registration::closed(), |builder| builder).await {
        world.register("alice", PASSWORD).await.assert_problem(403, "registration-closed");
        assert!(world.accounts.accounts().find_by_login("alice").await.unwrap().is_none());
    }
    assert!(events().contains("reason=\"registration_closed\""));
}

#[tokio::test]
async fn new_accounts_have_the_default_roles_and_scopes() {
    let registration = || Registration::open().roles(["member", "reader"]).scopes(["notes:read"]);
    for world in worlds(registration(), |builder| builder).await {
        let answer = world.register("alice", PASSWORD).await;
        assert_eq!((answer.status, &answer.json()["roles"]), (201, &json!(["member", "reader"])));
        let account = world.account("alice").await;
        assert_eq!(
            (account.roles, account.scopes),
            (vec!["member".into(), "reader".into()], vec!["notes:read".into()])
        );
        assert_eq!(world.login("alice", PASSWORD).await.text("scope"), "notes:read");
    }
}

#[tokio::test]
async fn an_account_by_address_alone_signs_in_by_its_address() {
    for world in worlds(Registration::open().email_alone(), |builder| builder).await {
        let body = json!({ "email": "Alice@example.org", "password": PASSWORD });
        let answer = world.json("/auth/register", &body).await;
        assert_eq!((answer.status, &*answer.text("username")), (201, "Alice@example.org"));
        assert_eq!(world.login("alice@EXAMPLE.org", PASSWORD).await.status, 200);

        let again = world.json("/auth/register", &body).await;
        again.assert_problem(409, "taken");
        assert_eq!(again.json()["errors"][0]["pointer"], "/email", "the body has no user name");

        let named = json!({ "username": "bob", "email": "bob@example.org", "password": PASSWORD });
        let answer = world.json("/auth/register", &named).await;
        answer.assert_problem(422, "invalid-body");
        let fault = json!({
            "pointer": "/username", "code": "unknown",
            "message": "is not used: the user name is the e-mail address",
        });
        assert_eq!(answer.json()["errors"], json!([fault]));

        let weak = json!({ "email": "carol@example.org", "password": "carol@example.org" });
        world.json("/auth/register", &weak).await.assert_problem(422, "invalid-body");
    }
}

#[tokio::test]
async fn a_missing_user_name_is_named_with_all_other_faults() {
    for world in worlds(Registration::open(), |builder| builder).await {
        let answer = world.json("/auth/register", &json!({ "email": "no", "password": "short", "city": "Bonn" })).await;
        answer.assert_problem(422, "invalid-body");
        let faults = answer.json()["errors"].as_array().unwrap().clone();
        let faults: Vec<_> = faults.iter().map(|fault| (fault["pointer"].clone(), fault["code"].clone())).collect();
        let expected =
            [("/username", "missing"), ("/email", "email"), ("/city", "unknown"), ("/password", "password-too-short")];
        assert_eq!(json!(faults), json!(expected), "{answer:?}");
    }
}

#[tokio::test]
async fn names_beyond_ascii_are_accepted_where_the_application_says_so() {
    let register = async |world: &World, name: &str, address: &str| {
        let body = json!({ "username": name, "email": format!("{address}@example.org"), "password": PASSWORD });
        world.json("/auth/register", &body).await
    };
    for world in worlds(Registration::open(), |builder| builder.user_names(UserNames::International)).await {
        let answer = register(&world, "Zoe\u{308}", "zoe").await;
        assert_eq!((answer.status, &*answer.text("username")), (201, "Zo\u{eb}"));
        assert_eq!(world.login("ZO\u{cb}", PASSWORD).await.status, 200);
        register(&world, "zo\u{eb}", "other").await.assert_problem(409, "taken");
        for bad in ["p\u{430}ypal", "a", "zo\u{200b}e", "z o"] {
            let answer = register(&world, bad, "mallory").await;
            answer.assert_problem(422, "invalid-body");
            let message = "must be 2 to 50 letters or digits of one writing system, or underscores";
            assert_eq!(answer.json()["errors"][0]["message"], message, "{bad}");
        }
    }
    for world in worlds(Registration::open(), |builder| builder).await {
        let answer = register(&world, "Zo\u{eb}", "zoe").await;
        assert_eq!(answer.json()["errors"][0]["message"], "must be 3 to 50 letters, digits or underscores");
    }
}

#[tokio::test]
async fn without_the_part_there_is_no_endpoint() {
    let routes = AccountRoutes::new().without(Part::Registration);
    let clock = ManualClock::at(START);
    let store = MemoryStore::new(std::sync::Arc::new(clock.clone()), std::sync::Arc::new(SystemEntropy::new()));
    let world = World::of(routes, defaults, clock, Accounts::new(store));
    assert_eq!(world.raw(post("/auth/register", "application/json"), "{}").await.status(), 404);
}

#[tokio::test]
async fn the_matrix_says_why_registration_is_public() {
    for (registration, reason) in [
        (Registration::open(), "anyone may open an account"),
        (Registration::by_invitation(), "the invitation is the credential"),
        (Registration::closed(), "callers learn that registration is closed"),
    ] {
        let router = AccountRoutes::new().registration(registration).into_router::<App>();
        let matrix = router.access_matrix().to_string();
        let row = matrix.lines().find(|line| line.contains("/auth/register")).unwrap();
        assert!(row.contains(reason) && row.contains("register"), "{row}");
    }
}

/// Returns the message with which the router refuses its state.
fn refusal(registration: Registration) -> String {
    refusal_of(AccountRoutes::new().registration(registration))
}

fn refusal_of(routes: AccountRoutes) -> String {
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let clock = ManualClock::at(START);
        let store = MemoryStore::new(std::sync::Arc::new(clock.clone()), std::sync::Arc::new(SystemEntropy::new()));
        drop(World::of(routes, defaults, clock, Accounts::new(store)));
    }));
    let panic = panic.expect_err("the router is refused");
    panic.downcast_ref::<String>().expect("a message").clone()
}

#[test]
fn a_registration_that_contradicts_itself_is_refused_at_start_up_with_all_faults() {
    let broken = Registration::by_invitation()
        .roles(["a\nb"])
        .hook_deadline(std::time::Duration::ZERO)
        .with_fields(super::registration_fields::store_ours);
    let message = refusal(broken);
    for fault in [
        "has a member `email`, which every registration has: rename it",
        "`Registration::by_invitation()` has `.roles(…)`",
        "`Registration` grants what no account can have: \"a\\nb\" is not the name of a role",
        "`Registration::hook_deadline` is zero or more than a minute",
    ] {
        assert!(message.contains(fault), "{fault}: {message}");
    }
    let scopes = (0..4_000).map(|number| format!("scope:{number}"));
    assert!(refusal(Registration::open().scopes(scopes)).contains("an access token with these roles and scopes"));
    let untyped = Registration::open().with_fields(super::registration_fields::store_any);
    assert!(refusal(untyped).contains("take a struct with named fields"));
}

/// Whoever wrote a setting expects it to do something.
#[test]
fn settings_of_a_registration_that_nothing_reads_are_refused_at_start_up_with_all_faults() {
    let (with_fields, _) = super::registration_fields::with_address(Registration::closed());
    let closed = with_fields.roles(["member"]).email_alone().hook_deadline(std::time::Duration::from_secs(3));
    let message = refusal(closed);
    for setting in ["`.roles(…)` or `.scopes(…)`", "`.email_alone()`", "`.with_fields(…)`", "`.hook_deadline(…)`"]
    {
        let fault = format!("`Registration::closed()` has {setting}, and opens no account: leave it out");
        assert!(message.contains(&fault), "{fault}: {message}");
    }
    assert!(
        refusal(Registration::closed().scopes(["notes:read"])).contains("`Registration::closed()` has `.roles(…)`")
    );
    let no_hook = Registration::open().hook_deadline(std::time::Duration::from_secs(3));
    assert!(refusal(no_hook).contains("`Registration::hook_deadline` has no hook"));
    let unserved = AccountRoutes::new().without(Part::Registration).registration(Registration::by_invitation());
    let message = refusal_of(unserved);
    assert!(message.contains("`Part::Registration` is off, so nobody can: leave the call out"), "{message}");
}
