//! Users and passwords of each kind of deployment.

use std::fs;

use super::{nodes::OwnCluster, *};
use crate::limit::AddressKey;

/// The permissions that the guide names for a user of a cluster.
const ON_A_CLUSTER: &str = "ACL SETUSER app on >secret ~tests:* +evalsha +script|load +time +get +set +del \
                            +cluster|slots +asking";

const CALLER: PreparedLimit = PreparedLimit::new(Limit::new(Quota::per_minute(10), LimitKey::Address), "logins", 0);

async fn ask_for(limits: &RedisLimits, caller: u32) -> Result<(bool, u32), RedisLimitsError> {
    let mut charges = [Charge::new(&CALLER, KeyValue::address(AddressKey::V4(caller)))];
    let clock = SystemClock::new();
    if let Answer::Pending(answer) = limits.charge(&mut charges, &clock) {
        answer.await.map_err(|error| failure(&error))?;
    }
    Ok(left(charges[0].outcome()))
}

#[tokio::test]
async fn a_user_of_a_cluster_needs_few_permissions() {
    let Some(cluster) = OwnCluster::start().await else { return };
    for node in &cluster.0 {
        node.ask::<redis::Value>(ON_A_CLUSTER).await;
    }
    let limits = RedisLimits::new(&cluster.url_with("app:secret@"), "tests").unwrap().with_timeout(PATIENCE);
    limits.check().await.unwrap();
    // Enough callers for counters on each node.
    for caller in 0..30 {
        assert_eq!(ask_for(&limits, caller).await.unwrap(), (true, 9), "{caller}");
    }
    for node in &cluster.0 {
        assert!(node.ask::<u64>("DBSIZE").await > 0);
    }
    // A slot on its way to another node: its new counters are there already, and `ASKING` is sent.
    let [from, to, _] = &cluster.0;
    let entry_slot = |caller: u32| {
        let charges = [Charge::new(&CALLER, KeyValue::address(AddressKey::V4(caller)))];
        slot(&charging::entries("tests", &charges)[0].key)
    };
    let caller = (1_000..).find(|caller| entry_slot(*caller) < 5_000).unwrap();
    let (moving, id) = (entry_slot(caller), from.ask::<String>("CLUSTER MYID").await);
    to.ask::<String>(&format!("CLUSTER SETSLOT {moving} IMPORTING {id}")).await;
    let id = to.ask::<String>("CLUSTER MYID").await;
    from.ask::<String>(&format!("CLUSTER SETSLOT {moving} MIGRATING {id}")).await;
    assert_eq!(ask_for(&limits, caller).await.unwrap(), (true, 9));

    let wrong = RedisLimits::new(&cluster.url_with("app:hunter2@"), "tests").unwrap();
    let failure = wrong.check().await.unwrap_err();
    assert_eq!(failure, RedisLimitsError::WrongPassword);
    assert!(!format!("{failure} {failure:?} {wrong:?}").contains("hunter2"));
}

#[tokio::test]
async fn sentinels_and_servers_have_passwords_of_their_own() {
    let Some(primary) = Server::start(&["--requirepass", "server"]) else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sentinel.conf");
    let port = primary.port();
    let settings =
        format!("sentinel monitor main 127.0.0.1 {port} 1\nsentinel auth-pass main server\nrequirepass watch\n");
    fs::write(&file, settings).unwrap();
    let sentinel = Server::start(&[file.to_str().unwrap(), "--sentinel"]).unwrap();
    let url = |server: &str, parameters: &str| {
        format!("redis-sentinel://:{server}@127.0.0.1:{}/main{parameters}", sentinel.port())
    };
    let other = url("server", "?sentinel_password=watch").replace("/main?", "/other?");
    let failure = RedisLimits::new(&other, "tests").unwrap().check().await.unwrap_err();
    assert_eq!(failure, RedisLimitsError::UnknownPrimary);
    let limits = RedisLimits::new(&url("server", "?sentinel_password=watch"), "tests").unwrap().with_timeout(PATIENCE);
    limits.check().await.unwrap();
    assert_eq!(left(ask(&limits, &[&TEN]).await.unwrap()[0]), (true, 9));
    for (server, parameters) in [
        ("server", ""),
        ("server", "?sentinel_password=hunter2"),
        ("server", "?sentinel_user=hunter2&sentinel_password=watch"),
        ("hunter2", "?sentinel_password=watch"),
    ] {
        let limits = RedisLimits::new(&url(server, parameters), "tests").unwrap();
        let failure = limits.check().await.unwrap_err();
        assert_eq!(failure, RedisLimitsError::WrongPassword, "{server} {parameters}");
        assert!(!format!("{failure} {failure:?} {limits:?}").contains("hunter2"));
    }
}

#[tokio::test]
async fn valkey_counts_like_redis() {
    let Some(server) = Server::start_valkey() else { return };
    let limits = RedisLimits::new(&server.url().replace("redis", "valkey"), "tests").unwrap().with_timeout(PATIENCE);
    limits.check().await.unwrap();
    for rest in (0..10).rev() {
        assert_eq!(left(ask(&limits, &[&TEN]).await.unwrap()[0]), (true, rest));
    }
    assert_eq!(left(ask(&limits, &[&TEN]).await.unwrap()[0]), (false, 0));
}
