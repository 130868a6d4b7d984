//! The application's own members of a registration, and the hook that stores them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use auth_runtime::{
    account::{NewMember, Registration},
    error::{Failure, Problem, StoreError},
    store::AccountStore as _,
};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    answers::Answer,
    failing::Flaky,
    hung_up::drop_at_call,
    registration::worlds,
    world::{PASSWORD, World, defaults, events},
};

#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(super) struct Address {
    pub(super) city: String,
    #[serde(default)]
    zip: Option<u32>,
}

#[derive(Deserialize)]
pub(super) struct Ours {
    #[expect(dead_code, reason = "the name alone counts")]
    email: String,
}

pub(super) async fn store_ours(_: NewMember, _: Ours) -> Result<(), Failure> {
    Ok(())
}

pub(super) async fn store_any(_: NewMember, _: HashMap<String, Value>) -> Result<(), Failure> {
    Ok(())
}

/// What the hook has stored, by the account's identifier.
pub(super) type Rows = Arc<Mutex<HashMap<String, (NewMember, Address)>>>;

/// Returns a registration with a hook that does as the city says.
pub(super) fn with_address(registration: Registration) -> (Registration, Rows) {
    let rows = Rows::default();
    let stored = Arc::clone(&rows);
    let registration = registration.with_fields(move |member: NewMember, address: Address| {
        let rows = Arc::clone(&stored);
        async move {
            match &*address.city {
                "Nowhere" => {
                    Err(Problem::new(StatusCode::CONFLICT, "no-such-city", "There is no such city."))?;
                }
                "Broken" => Err("canary: the table of cities is broken")?,
                "Down" => Err(StoreError::new("cities", "canary: no connection"))?,
                "Far" => std::future::pending().await,
                "Panic" => panic!("the hook's"),
                _ => {}
            }
            rows.lock().unwrap().insert(member.id.clone(), (member, address));
            Ok(())
        }
    });
    (registration, rows)
}

pub(super) async fn register(world: &World, name: &str, city: &str) -> Answer {
    let body = json!({
        "username": name, "email": format!("{name}@example.org"), "password": PASSWORD, "city": city,
    });
    world.json("/auth/register", &body).await
}

#[tokio::test]
async fn the_hook_stores_the_members_under_the_accounts_identifier() {
    let (registration, rows) = with_address(Registration::open().roles(["member"]));
    for world in worlds(registration, |builder| builder).await {
        let answer = register(&world, "alice", "Bonn").await;
        assert_eq!((answer.status, &answer.json()["active"]), (201, &json!(true)), "{answer:?}");
        let account = world.account("alice").await;
        assert!(account.active && account.pending_until.is_none() && account.roles == ["member"]);
        let (member, address) = rows.lock().unwrap()[&account.id].clone();
        assert_eq!((&*member.username, &*member.email, member.invited), ("alice", "alice@example.org", false));
        assert_eq!(address, Address { city: "Bonn".to_owned(), zip: None });
        assert_eq!(world.login("alice", PASSWORD).await.status, 200);
    }
}

#[tokio::test]
async fn members_that_do_not_fit_are_named_and_the_hook_does_not_run() {
    let (registration, rows) = with_address(Registration::open());
    for world in worlds(registration, |builder| builder).await {
        let base = json!({ "username": "alice", "email": "alice@example.org", "password": PASSWORD });
        for (members, pointer, code) in [
            (json!({}), "/city", "missing"),
            (json!({ "city": 7 }), "/city", "type"),
            (json!({ "city": "Bonn", "town": "Bonn" }), "/town", "unknown"),
            (json!({ "city": "Bonn", "zip": -1 }), "/zip", "value"),
        ] {
            let mut body = base.clone();
            body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
            let answer = world.json("/auth/register", &body).await;
            answer.assert_problem(422, "invalid-body");
            let faults = answer.json()["errors"].as_array().unwrap().clone();
            assert_eq!(faults.len(), 1, "{answer:?}");
            assert_eq!((&faults[0]["pointer"], &faults[0]["code"]), (&json!(pointer), &json!(code)));
        }
        assert!(world.accounts.accounts().find_by_login("alice").await.unwrap().is_none());
    }
    assert!(rows.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_hook_that_refuses_or_fails_leaves_no_account_and_its_name_free() {
    let (registration, rows) = with_address(Registration::open());
    for world in worlds(registration, |builder| builder).await {
        for (city, status, code) in [
            ("Nowhere", 409, "no-such-city"),
            ("Broken", 500, "internal"),
            ("Down", 503, "unavailable"),
            ("Panic", 503, "unavailable"),
        ] {
            let answer = register(&world, "alice", city).await;
            answer.assert_problem(status, code);
            assert!(!answer.body.contains("canary"), "{answer:?}");
            assert!(world.accounts.accounts().find_by_login("alice").await.unwrap().is_none(), "{city}");
        }
        assert_eq!(register(&world, "alice", "Bonn").await.status, 201, "the name is free");
        rows.lock().unwrap().clear();
    }
    for reason in ["hook_refused", "hook_failed", "hook_panicked"] {
        assert!(events().contains(&format!("reason=\"{reason}\"")), "{reason}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_hook_that_hangs_is_ended_after_five_seconds_and_leaves_no_account() {
    let (registration, _) = with_address(Registration::open());
    let (world, store) = Flaky::world_with_registration(registration, defaults);
    let begun = tokio::time::Instant::now();
    let answer = register(&world, "alice", "Far").await;
    answer.assert_problem(503, "unavailable");
    assert!(!answer.header("retry-after").is_empty());
    assert!((5..60).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
    assert!(store.inner.find_by_login("alice").await.unwrap().is_none());
    assert!(events().contains("reason=\"hook_timed_out\""));
}

/// Otherwise it would store something for an account that is gone.
#[tokio::test(start_paused = true)]
async fn a_hook_that_was_ended_does_not_go_on() {
    let rows = Arc::new(Mutex::new(Vec::new()));
    let stored = Arc::clone(&rows);
    let registration = Registration::open().with_fields(move |member: NewMember, _: Address| {
        let rows = Arc::clone(&stored);
        async move {
            tokio::time::sleep(Duration::from_secs(20)).await;
            rows.lock().unwrap().push(member.id);
            Ok(())
        }
    });
    let (world, _) = Flaky::world_with_registration(registration, defaults);
    register(&world, "alice", "Bonn").await.assert_problem(503, "unavailable");
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert!(rows.lock().unwrap().is_empty());
}

#[tokio::test]
async fn the_deadline_of_the_hook_can_be_set() {
    let (registration, _) = with_address(Registration::open());
    for world in worlds(registration.hook_deadline(Duration::from_millis(50)), |builder| builder).await {
        let begun = std::time::Instant::now();
        register(&world, "alice", "Far").await.assert_problem(503, "unavailable");
        assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
        assert!(world.accounts.accounts().find_by_login("alice").await.unwrap().is_none());
    }
}

/// While the hook runs, the account is not there for anyone.
#[tokio::test]
async fn nobody_signs_in_to_an_account_whose_hook_still_runs() {
    let (reach, mut reached) = tokio::sync::mpsc::unbounded_channel();
    let go_on = Arc::new(tokio::sync::Notify::new());
    let wait = Arc::clone(&go_on);
    let registration = Registration::open().with_fields(move |_: NewMember, _: Address| {
        let (reach, wait) = (reach.clone(), Arc::clone(&wait));
        async move {
            reach.send(())?;
            wait.notified().await;
            Ok(())
        }
    });
    for world in worlds(registration, |builder| builder).await {
        let meanwhile = async {
            reached.recv().await.unwrap();
            assert_eq!(world.login("alice", PASSWORD).await.status, 401);
            register(&world, "ALICE", "Bonn").await.assert_problem(409, "taken");
            let account = world.account("alice").await;
            assert!(!account.active);
            assert_eq!(account.pending_until.map(|until| until.as_seconds()), Some(1_800_000_000 + 3_600));
            go_on.notify_one();
        };
        let (answer, ()) = tokio::join!(register(&world, "alice", "Bonn"), meanwhile);
        assert_eq!(answer.status, 201, "{answer:?}");
        assert_eq!(world.login("alice", PASSWORD).await.status, 200);
    }
}

/// The process was killed while the hook ran.
#[tokio::test]
async fn what_a_killed_registration_leaves_goes_after_an_hour() {
    let (registration, _) = with_address(Registration::open());
    for world in worlds(registration, |builder| builder).await {
        let mut new = auth_runtime::store::NewAccount::new("alice", "alice@example.org", "$argon2id$".into());
        new.active = false;
        new.pending_until = Some(world.auth.clock().unix().plus_seconds(3_600));
        world.accounts.accounts().create(new).await.unwrap();
        register(&world, "alice", "Bonn").await.assert_problem(409, "taken");
        world.clock.advance(Duration::from_secs(3_600));
        let now = world.auth.clock().unix();
        assert_eq!(world.accounts.accounts().remove_pending(now, 10).await.unwrap(), 1);
        assert_eq!(register(&world, "alice", "Bonn").await.status, 201);
    }
}

#[tokio::test]
async fn a_client_that_hangs_up_leaves_no_account_half_open() {
    // The account stored, and opened.
    for call in 0..2 {
        let (registration, rows) = with_address(Registration::open());
        let (world, store) = Flaky::world_with_registration(registration, defaults);
        drop_at_call(&store, call, register(&world, "alice", "Bonn")).await;
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
        }
        let account = world.account("alice").await;
        assert!(account.active && rows.lock().unwrap().contains_key(&account.id), "call {call}");
    }
}
