//! Counters of limits in the store's database.

use core::time::Duration;
use std::sync::Arc;

use super::servers::{schema, server};
use crate::{
    clock::{SystemClock, manual::ManualClock},
    limit::{Answer, Charge, KeyValue, LimitStore, PreparedLimit},
    policy::{Limit, LimitKey, Quota},
    secret::SystemEntropy,
    store::PostgresStore,
};

/// `Database::accounts` may be called in each part of an application.
#[tokio::test]
async fn all_counters_of_a_store_share_their_connections() {
    let Some(server) = server() else { return };
    let builder = PostgresStore::builder(schema(&server).await).max_connections(2);
    let store = builder.open_with(Arc::new(ManualClock::at(1_000)), Arc::new(SystemEntropy::new())).await.unwrap();
    let limit = PreparedLimit::new(Limit::new(Quota::per_minute(100), LimitKey::Global), "tests", 0);
    let all: Vec<_> = (0..10).map(|_| store.limits().with_timeout(Duration::from_secs(5))).collect();
    for limits in &all {
        let mut charges = [Charge::new(&limit, KeyValue::GLOBAL)];
        match limits.charge(&mut charges, &SystemClock::new()) {
            Answer::Ready(answer) => answer.unwrap(),
            Answer::Pending(answer) => answer.await.unwrap(),
        }
    }
    let connections = store.limits_pool.size();
    assert!((1..=2).contains(&connections), "{connections}");
}
