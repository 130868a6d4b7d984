//! Instances on one PostgreSQL hear of each other's revocations.

use std::time::{Duration, Instant};

use sqlx::PgPool;

use super::*;
use crate::store::{Log, OwnPostgres, PostgresBuilder, PostgresStore};

/// One process of a service.
struct Instance {
    store: PostgresStore,
    revocations: Revocations,
    clock: SystemClock,
}

impl Instance {
    async fn start(server: &OwnPostgres, within_seconds: u32, direct_url: &str) -> Self {
        Self::over(PostgresStore::builder(server.url()).direct_url(direct_url), within_seconds).await
    }

    async fn over(builder: PostgresBuilder, within_seconds: u32) -> Self {
        let store = builder.max_connections(3).open().await.unwrap();
        let lifetimes = Lifetimes { idle: 1_000, absolute: 1_000, access_token: 60 };
        let revocations = Revocations::new(&Accounts::new(store.clone()), within_seconds, lifetimes);
        Self { store, revocations, clock: SystemClock::new() }
    }

    async fn refuses(&self, token_id: &str) -> bool {
        self.judges(token_id).await.unwrap()
    }

    /// Returns whether the token is refused; the error becomes 503.
    async fn judges(&self, token_id: &str) -> Result<bool, StoreError> {
        let issued_at = self.clock.unix();
        let token = Claimed { session: None, token_id, generation: 0, issued_at };
        Ok(self.revocations.judge(token, issued_at, &self.clock).reason().await?.is_some())
    }

    /// Revokes as a sign-out does.
    async fn revoke(&self, token_id: &str) {
        self.store.revoke_token(token_id, self.clock.unix().plus_seconds(600)).await.unwrap();
    }

    /// Waits until the way of pushes is proved, and the list is read.
    async fn is_ready(&self) {
        let signal = self.store.revocation_signal().unwrap();
        for_ten_seconds(async || signal.times() > 0).await;
        tokio::time::sleep(Duration::from_millis(150)).await;
        self.refuses("any").await;
    }
}

/// Returns how long it took until this held.
async fn for_ten_seconds(mut holds: impl AsyncFnMut() -> bool) -> Duration {
    let began = Instant::now();
    while !holds().await {
        assert!(began.elapsed() < Duration::from_secs(10));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    began.elapsed()
}

/// The regular question comes after 30 seconds.
#[tokio::test]
async fn a_revocation_is_refused_on_all_instances_within_a_second() {
    let Some(server) = OwnPostgres::start(&[]) else { return };
    let start = async || Instance::start(&server, 60, &server.url()).await;
    let (one, second, third) = (start().await, start().await, start().await);
    second.is_ready().await;
    third.is_ready().await;
    for token in ["first", "second", "third"] {
        one.revoke(token).await;
        for other in [&second, &third] {
            let took = for_ten_seconds(async || other.refuses(token).await).await;
            assert!(took < Duration::from_secs(1), "{took:?}");
        }
    }
}

/// The listening connection is cut, and cannot be made anew for a while.
#[tokio::test]
async fn without_its_connection_an_instance_learns_by_its_regular_questions_and_later_by_pushes_again() {
    let Some(server) = OwnPostgres::start(&[]) else { return };
    let (log, _guard) = Log::begin();
    // A pool tries again while the server is starting.
    let operator = PgPool::connect(&server.url()).await.unwrap();
    let run = async |sql: &'static str| {
        sqlx::raw_sql(sql).execute(&operator).await.unwrap();
    };
    run("CREATE ROLE listener LOGIN").await;
    let direct = server.url().replace("postgres@", "listener@");
    let (one, other) = (Instance::start(&server, 4, &direct).await, Instance::start(&server, 4, &direct).await);
    one.is_ready().await;
    other.is_ready().await;

    let (losses, proofs) = (log.count("are not pushed"), log.count("are pushed"));
    run("ALTER ROLE listener NOLOGIN").await;
    run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'auth-runtime-listener'")
        .await;
    for_ten_seconds(async || log.count("are not pushed") == losses + 2).await;
    other.refuses("any").await;
    one.revoke("polled").await;
    let took = for_ten_seconds(async || other.refuses("polled").await).await;
    assert!(took < Duration::from_secs(4), "later than the regular question: {took:?}");
    assert_eq!(log.count("are not pushed"), losses + 2, "once for each instance");

    run("ALTER ROLE listener LOGIN").await;
    for_ten_seconds(async || log.count("are pushed") == proofs + 2).await;
    tokio::time::sleep(Duration::from_millis(150)).await;
    other.refuses("any").await;
    one.revoke("pushed").await;
    let took = for_ten_seconds(async || other.refuses("pushed").await).await;
    assert!(took < Duration::from_secs(1), "{took:?}");
}

/// All instances know less and less. Each accepts tokens for its delay and no longer, and works again with the server.
#[tokio::test]
async fn while_the_server_is_silent_tokens_are_accepted_for_the_delay_and_then_none() {
    let Some(server) = OwnPostgres::start(&[]) else { return };
    let timeout = Duration::from_millis(400);
    let start = async || Instance::over(PostgresStore::builder(server.url()).timeout(timeout), 4).await;
    let instances = [start().await, start().await, start().await];
    for instance in &instances {
        instance.is_ready().await;
    }
    instances[0].revoke("before").await;
    for instance in &instances {
        for_ten_seconds(async || instance.refuses("before").await).await;
    }
    server.pause();
    let silent = Instant::now();
    for instance in &instances {
        assert!(matches!(instance.judges("good").await, Ok(false)), "its list is recent");
        assert!(matches!(instance.judges("before").await, Ok(true)));
    }
    tokio::time::sleep_until((silent + Duration::from_millis(4_100)).into()).await;
    for instance in &instances {
        let asked = Instant::now();
        assert!(instance.judges("good").await.is_err(), "a token is accepted after the delay");
        assert!(instance.judges("before").await.is_err());
        assert!(asked.elapsed() < timeout * 5, "{:?}", asked.elapsed());
    }
    server.resume();
    for instance in &instances {
        for_ten_seconds(async || matches!(instance.judges("good").await, Ok(false))).await;
        assert!(instance.refuses("before").await, "what it knew stays refused");
    }
}

/// As behind a pooler: the connection stands, and nothing arrives.
#[tokio::test]
async fn a_connection_that_hears_nothing_is_told_and_the_instance_works() {
    let Some(server) = OwnPostgres::start(&[]) else { return };
    let (log, _guard) = Log::begin();
    let elsewhere = server.url().replace("/postgres", "/template1").replace("//template1", "//postgres");
    assert!(elsewhere.ends_with("/template1"), "{elsewhere}");
    let instance = Instance::start(&server, 4, &elsewhere).await;
    for_ten_seconds(async || log.count("DATABASE_DIRECT_URL") == 1).await;
    assert_eq!(log.count("are pushed"), 0);
    instance.revoke("t").await;
    assert!(instance.refuses("t").await);
}
