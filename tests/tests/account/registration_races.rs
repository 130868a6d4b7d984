//! Requests that register at once, on every store: SQLite in a file and PostgreSQL with several connections.

use std::sync::Arc;

use auth_runtime::{
    account::{NewInvitation, Registration},
    secret::SystemEntropy,
    store::{Accounts, MemoryStore, PostgresStore, SqliteStore},
    testing::ManualClock,
};
use auth_tests::postgres::database;
use tempfile::TempDir;
use tokio::task::JoinSet;

use super::{
    answers::Answer,
    invitations::{accept, invite, token},
    registration::world,
    registration_fields::{register, with_address},
    world::{PASSWORD, START, World},
};

const RACERS: usize = 8;

/// Runs a scenario on every store. The last store may be left out.
async fn everywhere(name: &str, registration: Registration, scenario: impl AsyncFn(Arc<World>)) {
    let entropy = || Arc::new(SystemEntropy::new());
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite://{}", folder.path().join("race.db").display());
    let make = |clock, accounts| Arc::new(world(registration.clone(), |builder| builder, clock, accounts));

    let clock = ManualClock::at(START);
    let memory = MemoryStore::new(Arc::new(clock.clone()), entropy());
    scenario(make(clock, Accounts::new(memory))).await;

    let clock = ManualClock::at(START);
    let sqlite = SqliteStore::open_with(&url, Arc::new(clock.clone()), entropy()).await.unwrap();
    scenario(make(clock, Accounts::new(sqlite))).await;

    let Some(url) = database(name).await else { return };
    let clock = ManualClock::at(START);
    let postgres = PostgresStore::open_with(&url, Arc::new(clock.clone()), entropy()).await.unwrap();
    scenario(make(clock, Accounts::new(postgres))).await;
}

/// Runs requests at once, and returns the statuses of their answers, in order.
async fn at_once(requests: impl Iterator<Item = impl Future<Output = Answer> + Send + 'static>) -> Vec<u16> {
    let mut statuses: Vec<u16> =
        requests.collect::<JoinSet<_>>().join_all().await.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    statuses
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_requests_with_one_invitation_one_opens_the_account() {
    everywhere("invited_once", Registration::by_invitation(), async |world| {
        let token = token(&invite(&world, "alice@example.org").await);
        let statuses = at_once((0..RACERS).map(|number| {
            let (world, token) = (Arc::clone(&world), token.clone());
            async move { accept(&world, &format!("alice_{number}"), "alice@example.org", &token).await }
        }));
        let mut expected = vec![400; RACERS];
        expected[0] = 201;
        expected.sort_unstable();
        assert_eq!(statuses.await, expected);
        let account = world.account("alice@example.org").await;
        assert!(account.active);
        assert_eq!(world.login(&account.username, PASSWORD).await.status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_invited_persons_who_take_one_name_one_has_to_take_another() {
    everywhere("one_name", Registration::by_invitation(), async |world| {
        let mut people = Vec::new();
        for number in 0..RACERS {
            let email = format!("person{number}@example.org");
            people.push((token(&invite(&world, &email).await), email));
        }
        let statuses = at_once(people.clone().into_iter().map(|(token, email)| {
            let world = Arc::clone(&world);
            async move { accept(&world, "same", &email, &token).await }
        }));
        let mut expected = vec![409; RACERS];
        expected[0] = 201;
        assert_eq!(statuses.await, expected);
        for (number, (token, email)) in people.iter().enumerate() {
            if world.account(email).await.active {
                continue;
            }
            let answer = accept(&world, &format!("other_{number}"), email, token).await;
            assert_eq!(answer.status, 201, "the token is not used up: {answer:?}");
        }
    })
    .await;
}

/// An invitation that is replaced never takes an account with it that was opened in the meantime.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn inviting_again_while_the_person_registers_keeps_the_account_or_the_new_invitation() {
    everywhere("invited_again", Registration::by_invitation(), async |world| {
        for number in 0..RACERS {
            let email = format!("person{number}@example.org");
            let first = token(&invite(&world, &email).await);
            let again = {
                let (world, email) = (Arc::clone(&world), email.clone());
                tokio::spawn(async move { world.administration().invite(NewInvitation::new(email)).await })
            };
            let answer = accept(&world, &format!("person_{number}"), &email, &first).await;
            let again = again.await.unwrap();
            assert_eq!((answer.status == 201, again.is_ok()), (again.is_err(), answer.status == 400), "{answer:?}");
            assert_eq!(world.account(&email).await.active, answer.status == 201);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn administrators_who_invite_one_address_at_once_leave_one_invitation() {
    everywhere("invited_twice", Registration::by_invitation(), async |world| {
        let invited = (0..RACERS).map(|_| {
            let world = Arc::clone(&world);
            async move { world.administration().invite(NewInvitation::new("alice@example.org")).await }
        });
        let invited = invited.collect::<JoinSet<_>>().join_all().await;
        let mut opened = 0;
        for invited in invited.iter().flatten() {
            opened += usize::from(accept(&world, "alice", "alice@example.org", &token(invited)).await.status == 201);
        }
        assert_eq!(opened, 1, "{invited:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_registrations_of_one_name_with_a_hook_one_runs_the_hook() {
    let (registration, rows) = with_address(Registration::open());
    everywhere("one_hook", registration, async |world| {
        let statuses = at_once((0..RACERS).map(|_| {
            let world = Arc::clone(&world);
            async move { register(&world, "alice", "Bonn").await }
        }));
        let mut expected = vec![409; RACERS];
        expected[0] = 201;
        assert_eq!(statuses.await, expected);
        assert_eq!(rows.lock().unwrap().drain().count(), 1);
    })
    .await;
}
