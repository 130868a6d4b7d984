//! Races on every store: in memory, on SQLite and on PostgreSQL.

use std::sync::Arc;

use auth_runtime::{
    account::AdministrationError,
    secret::SystemEntropy,
    store::{Accounts, PostgresStore},
    testing::ManualClock,
};
use auth_tests::postgres::database;
use tokio::task::JoinSet;

use super::staff::superuser;
use crate::account::world::{PASSWORD, START, World, defaults};

/// Runs a scenario on every store. The worlds of one store are processes of one service.
async fn every_database(name: &str, scenario: impl AsyncFn(Arc<World>, Arc<World>)) {
    let world = World::in_memory(defaults);
    let beside = world.beside();
    scenario(Arc::new(world), Arc::new(beside)).await;
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("races.db").display());
    let (world, beside) = (World::on_sqlite(&url).await, World::on_sqlite(&url).await);
    scenario(Arc::new(world), Arc::new(beside)).await;
    let Some(url) = database(name).await else { return };
    let (world, beside) = (on_postgres(&url).await, on_postgres(&url).await);
    scenario(Arc::new(world), Arc::new(beside)).await;
}

async fn on_postgres(url: &str) -> World {
    let clock = ManualClock::at(START);
    let store = PostgresStore::builder(url).max_connections(4);
    let store = store.open_with(Arc::new(clock.clone()), Arc::new(SystemEntropy::new())).await.unwrap();
    World::new(defaults, clock, Accounts::new(store))
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_superusers_who_demote_each_other_one_is_refused() {
    every_database("demotions", async |world, beside| {
        let mut survivor: Option<String> = None;
        for round in 0..10 {
            let [one, two] = [format!("one{round}"), format!("two{round}")];
            let (first, second) = (superuser(&world, &one).await, superuser(&world, &two).await);
            let (here, there) = (world.administration(), beside.administration());
            if let Some(survivor) = survivor.take() {
                here.set_superuser(&survivor, false).await.unwrap();
            }
            let (of_first, of_second) = match round % 3 {
                0 => tokio::join!(here.set_superuser(&first.id, false), there.set_superuser(&second.id, false)),
                1 => tokio::join!(here.set_active(&first.id, false), there.set_superuser(&second.id, false)),
                _ => tokio::join!(here.delete(&first.id), there.set_active(&second.id, false)),
            };
            let refused = [&of_first, &of_second]
                .into_iter()
                .filter(|result| matches!(result, Err(AdministrationError::LastSuperuser)))
                .count();
            assert_eq!(refused, 1, "{of_first:?} {of_second:?}");
            assert!(of_first.is_ok() || of_second.is_ok());
            // Exactly one superuser is left, and makes way for the next two.
            survivor = Some(if of_first.is_err() { first.id } else { second.id });
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_sign_in_outlives_the_deletion_of_its_account() {
    every_database("deletions", async |world, beside| {
        for round in 0..10 {
            let name = format!("alice{round}");
            let alice = world.join(&name, &[]).await;
            let mut sign_ins = JoinSet::new();
            for place in 0..4 {
                let process = Arc::clone(if place % 2 == 0 { &world } else { &beside });
                let name = name.clone();
                sign_ins.spawn(async move { process.login(&name, PASSWORD).await });
            }
            let (administration, id) = (beside.administration(), alice.id.clone());
            let deleted = tokio::spawn(async move { administration.delete(&id).await });
            let mut answers = Vec::new();
            while let Some(answer) = sign_ins.join_next().await {
                answers.push(answer.unwrap());
            }
            deleted.await.unwrap().unwrap();
            assert_eq!(world.administration().sessions(&alice.id).await.unwrap(), [], "round {round}");
            for answer in answers.iter().filter(|answer| answer.status == 200) {
                assert_eq!(world.refresh(&answer.text("refresh_token")).await.status, 401, "{answer:?}");
                assert_eq!(beside.me(&answer.text("access_token")).await.status, 401, "{answer:?}");
            }
            world.register(&name, PASSWORD).await.assert_problem(409, "taken");
        }
    })
    .await;
}
