use std::{
    env,
    io::{self, Write as _},
    sync::atomic::{AtomicU32, Ordering},
};

use sqlx::{AssertSqlSafe, PgPool, postgres::PgPoolOptions};

use super::*;
use crate::{
    clock::SystemClock,
    error::Extent,
    error::StoreError,
    limit::{
        KeyValue, Outcome, PreparedLimit,
        postgres::cleaning::clean,
        testing::{
            Random, schedules,
            sequences::{Said, Sequence, by_memory, charges},
        },
    },
    policy::{Limit, LimitKey, Quota},
    store::{postgres_proxy::Proxy, postgres_servers::TRAPS},
};

const SERVER: &str = "AUTH_TESTS_POSTGRES";

const MIGRATIONS: [&str; 2] = [
    include_str!("../../../../migrations/postgres/0002_limits.sql"),
    include_str!("../../../../migrations/postgres/0004_exact_types.sql"),
];

const TEN: PreparedLimit = PreparedLimit::new(Limit::new(Quota::per_minute(10), LimitKey::Global), "tests", 0);
const TWO: PreparedLimit = PreparedLimit::new(Limit::new(Quota::per_minute(2), LimitKey::Global), "tests", 1);
const SHADOW: PreparedLimit =
    PreparedLimit::new(Limit::new(Quota::per_minute(1), LimitKey::Global).with_shadow(true), "tests", 2);

/// Tests that hold the locks of the limits above do not delay this one.
const APART: PreparedLimit = PreparedLimit::new(Limit::new(Quota::per_minute(10), LimitKey::Global), "tests", 3);

/// Long enough for a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);

/// Creates the table and the function in a schema of their own, or returns `None` where there is no server. In
/// continuous integration there has to be one.
async fn database() -> Option<PgPool> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let Ok(server) = env::var(SERVER) else {
        assert!(env::var("CI").as_deref() != Ok("true"), "{SERVER} is not set: `scripts/services run` sets it");
        // Not by `eprintln!`, which shows nothing in a test that passes.
        let _ =
            writeln!(io::stderr(), "LEFT OUT: limits on PostgreSQL, since {SERVER} is not set (scripts/services run)");
        return None;
    };
    let name = format!("l{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst));
    let options = PgPoolOptions::new().max_connections(8).test_before_acquire(false);
    let pool =
        options.connect(&format!("{server}?application_name={name}&options=-csearch_path%3D{name}")).await.unwrap();
    execute(&pool, format!("CREATE SCHEMA {name}")).await;
    for migration in MIGRATIONS {
        execute(&pool, migration.to_owned()).await;
    }
    Some(pool)
}

async fn execute(pool: &PgPool, sql: String) {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(pool).await.unwrap();
}

fn limits(pool: &PgPool) -> PostgresLimits {
    PostgresLimits::new(pool.clone()).with_timeout(PATIENCE)
}

async fn ask(limits: &PostgresLimits, asked: &[&PreparedLimit]) -> Result<Vec<Outcome>, StoreError> {
    let mut charges: Vec<_> = asked.iter().map(|limit| Charge::new(limit, KeyValue::GLOBAL)).collect();
    let clock = SystemClock::new();
    match limits.charge(&mut charges, &clock) {
        Answer::Ready(answer) => answer?,
        Answer::Pending(answer) => answer.await?,
    }
    Ok(charges.iter().map(Charge::outcome).collect())
}

fn left(outcome: Outcome) -> (bool, u32) {
    let Outcome::Counted(verdict) = outcome else { panic!("{outcome:?}") };
    (verdict.is_allowed(), verdict.remaining())
}

async fn left_of(limits: &PostgresLimits, asked: &[&PreparedLimit]) -> Vec<(bool, u32)> {
    ask(limits, asked).await.unwrap().into_iter().map(left).collect()
}

#[tokio::test]
async fn a_connection_is_made_before_the_first_request() {
    let Some(pool) = database().await else { return };
    let lazy = pool.options().clone().connect_lazy_with((*pool.connect_options()).clone());
    let _limits = PostgresLimits::new(lazy.clone());
    let end = Instant::now() + PATIENCE;
    while lazy.num_idle() == 0 {
        assert!(Instant::now() < end, "no connection was made");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_set_quota_is_counted_apart_from_the_policys() {
    let Some(pool) = database().await else { return };
    let limits = limits(&pool);
    let (named, set) = PreparedLimit::named_and_set();
    for rest in (0..5).rev() {
        assert_eq!(left_of(&limits, &[&set]).await, [(true, rest)]);
    }
    assert_eq!(left_of(&limits, &[&set, &named]).await, [(false, 0), (true, 2)]);
    assert_eq!(left_of(&limits, &[&named]).await, [(true, 1)]);
}

#[tokio::test]
async fn requests_are_counted_until_the_limit_refuses() {
    let Some(pool) = database().await else { return };
    let limits = limits(&pool);
    for rest in (0..10).rev() {
        assert_eq!(left_of(&limits, &[&TEN]).await, [(true, rest)]);
    }
    assert_eq!(left_of(&limits, &[&TEN]).await, [(false, 0)]);
}

#[tokio::test]
async fn all_limits_are_charged_or_none_and_a_shadow_refuses_only_itself() {
    let Some(pool) = database().await else { return };
    let limits = limits(&pool);
    assert_eq!(left_of(&limits, &[&TEN, &TWO, &SHADOW]).await, [(true, 9), (true, 1), (true, 0)]);
    assert_eq!(left_of(&limits, &[&TEN, &TWO, &SHADOW]).await, [(true, 8), (true, 0), (false, 0)]);
    assert_eq!(left_of(&limits, &[&TEN, &TWO, &SHADOW]).await, [(true, 8), (false, 0), (false, 0)]);
    assert_eq!(left_of(&limits, &[&TEN]).await, [(true, 7)], "a refused request was charged");
}

#[tokio::test]
async fn a_limit_that_a_request_names_twice_is_charged_twice() {
    let Some(pool) = database().await else { return };
    let limits = limits(&pool);
    assert_eq!(left_of(&limits, &[&TEN, &TEN]).await, [(true, 9), (true, 8)]);
    assert_eq!(left_of(&limits, &[&TWO, &TWO, &TWO]).await.last(), Some(&(false, 0)));
    assert_eq!(left_of(&limits, &[&TWO, &TWO]).await, [(true, 1), (true, 0)]);
}

#[tokio::test]
async fn a_limit_that_is_known_to_refuse_asks_no_server() {
    let Some(pool) = database().await else { return };
    let limits = limits(&pool);
    for _ in 0..3 {
        ask(&limits, &[&TWO]).await.unwrap();
    }
    pool.close().await;
    let outcomes = ask(&limits, &[&TEN, &TWO]).await.unwrap();
    assert_eq!((outcomes[0], left(outcomes[1]).0), (Outcome::Uncounted, false));
    assert!(ask(&limits, &[&TEN]).await.is_err(), "a server that is away admits nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tasks_that_race_for_the_same_counters_are_admitted_as_often_as_the_burst_says() {
    let Some(pool) = database().await else { return };
    for _ in 0..10 {
        execute(&pool, "TRUNCATE auth_limits".to_owned()).await;
        let tasks = (0..32).map(|task| {
            let limits = limits(&pool);
            tokio::spawn(async move {
                // Some lock the counters in one order and some in the other.
                let asked = if task % 2 == 0 { [&TEN, &TWO] } else { [&TWO, &TEN] };
                ask(&limits, &asked).await.unwrap().into_iter().all(|outcome| left(outcome).0)
            })
        });
        let mut admitted = 0;
        for task in tasks.collect::<Vec<_>>() {
            admitted += u32::from(task.await.unwrap());
        }
        assert_eq!(admitted, 2);
    }
}

#[tokio::test]
async fn counters_are_removed_when_their_bucket_is_full_again() {
    let Some(pool) = database().await else { return };
    execute(
        &pool,
        "INSERT INTO auth_limits SELECT decode(md5(i::text), 'hex'), CASE WHEN i = 3 THEN 1e20 ELSE 1 END
            FROM generate_series(1, 6) AS i"
            .to_owned(),
    )
    .await;
    let (mut after, mut batches) = (Vec::new(), 0);
    while let Some(last) = clean(&pool, &after, 2).await.unwrap() {
        assert!(last > after, "a run goes on");
        (after, batches) = (last, batches + 1);
    }
    assert_eq!(batches, 3, "it reads each of six rows once");
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM auth_limits").fetch_one(&pool).await.unwrap();
    assert_eq!(left, 1);
}

#[tokio::test]
async fn cleaning_calls_no_operator_of_another_role() {
    let Some(pool) = database().await else { return };
    execute(&pool, TRAPS.to_owned()).await;
    ask(&limits(&pool), &[&TEN]).await.unwrap();
    clean(&pool, &[], 10).await.unwrap();
}

#[tokio::test]
async fn a_minute_lies_between_two_cleanings() {
    let Some(pool) = database().await else { return };
    let cleaning = Cleaning::new();
    let minute = 60_000_000_000;
    for (now, next) in [(5, minute + 5), (6, minute + 5), (minute + 4, minute + 5), (minute + 5, 2 * minute + 5)] {
        cleaning.begin_if_due(&pool, Monotonic::from_nanos(now));
        assert_eq!(cleaning.due(), next, "{now}");
    }
}

#[tokio::test]
async fn a_transaction_that_could_see_old_counters_is_refused() {
    let Some(pool) = database().await else { return };
    let mut transaction = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ").await.unwrap();
    let question = Question::new(&[Charge::new(&TEN, KeyValue::GLOBAL)]);
    let error = question.ask(STATEMENT.into_sql_str(), &mut transaction).await.unwrap_err();
    assert!(error.to_string().contains("read committed"), "{error}");
}

#[tokio::test]
async fn an_answer_that_does_not_come_in_time_is_a_failure_and_frees_its_connection() {
    let Some(pool) = database().await else { return };
    let mut holder = pool.begin().await.unwrap();
    let question = Question::new(&[Charge::new(&TEN, KeyValue::GLOBAL)]);
    question.ask(STATEMENT.into_sql_str(), &mut holder).await.unwrap();
    let hasty = PostgresLimits::new(pool.clone()).with_timeout(Duration::from_millis(20));
    for _ in 0..10 {
        let error = ask(&hasty, &[&TEN]).await.unwrap_err();
        assert!(core::error::Error::source(&error).unwrap().to_string().contains("in time"), "{error}");
    }
    holder.commit().await.unwrap();
    assert_eq!(left_of(&limits(&pool), &[&TWO]).await, [(true, 1)]);
}

/// A server that waits for a lock does not notice that the client is gone.
#[tokio::test]
async fn calls_that_are_given_up_do_not_use_up_the_servers_connections() {
    let Some(pool) = database().await else { return };
    let name: String = sqlx::query_scalar("SHOW application_name").fetch_one(&pool).await.unwrap();
    let server = PgPool::connect(&env::var(SERVER).unwrap()).await.unwrap();
    let mut holder = pool.begin().await.unwrap();
    sqlx::query("LOCK TABLE auth_limits").execute(&mut *holder).await.unwrap();
    let hasty = PostgresLimits::new(pool.clone()).with_timeout(Duration::from_millis(20));
    for _ in 0..40 {
        ask(&hasty, &[&TEN]).await.unwrap_err();
    }
    let count = "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1";
    let connections: i64 = sqlx::query_scalar(count).bind(name).fetch_one(&server).await.unwrap();
    assert!(connections <= 8, "{connections} connections of a pool of 8");
    holder.rollback().await.unwrap();
    assert!(left_of(&limits(&pool), &[&TEN]).await[0].0);
}

#[tokio::test]
async fn a_call_ends_its_wait_for_a_lock_after_a_second() {
    let Some(pool) = database().await else { return };
    let mut holder = pool.begin().await.unwrap();
    sqlx::query("LOCK TABLE auth_limits").execute(&mut *holder).await.unwrap();
    let start = Instant::now();
    ask(&limits(&pool), &[&TEN]).await.unwrap_err();
    assert!(start.elapsed() < PATIENCE / 2, "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_connection_that_the_server_closed_costs_no_request() {
    let Some(pool) = database().await else { return };
    let limits = limits(&pool);
    ask(&limits, &[&APART]).await.unwrap();
    let name: String = sqlx::query_scalar("SHOW application_name").fetch_one(&pool).await.unwrap();
    let server = PgPool::connect(&env::var(SERVER).unwrap()).await.unwrap();
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1";
    assert!(sqlx::query(end).bind(name).execute(&server).await.unwrap().rows_affected() > 0);
    assert!(left_of(&limits, &[&APART]).await[0].0);
}

#[tokio::test]
async fn a_connection_that_the_server_closed_for_its_idleness_costs_no_request() {
    let Some(pool) = database().await else { return };
    let options = (*pool.connect_options()).clone().options([("idle_session_timeout", "100ms")]);
    let pool = PgPoolOptions::new().test_before_acquire(false).connect_with(options).await.unwrap();
    let limits = limits(&pool);
    for rest in [9, 8] {
        assert_eq!(left_of(&limits, &[&APART]).await, [(true, rest)]);
        tokio::time::sleep(Duration::from_millis(400)).await;
    }
}

/// Making a connection, with TLS and a password, may take longer than a request waits.
#[tokio::test]
async fn a_connection_that_takes_longer_than_a_request_waits_is_made() {
    let Some(pool) = database().await else { return };
    let proxy = Proxy::to(&env::var(SERVER).unwrap()).await;
    proxy.delay(Duration::from_millis(1_500));
    let (host, port) = ("127.0.0.1", proxy.port());
    let options = (*pool.connect_options()).clone().host(host).port(port);
    let slow = PgPoolOptions::new().max_connections(2).test_before_acquire(false).connect_lazy_with(options);
    let limits = PostgresLimits::new(slow).with_timeout(Duration::from_secs(1));
    assert_eq!(ask(&limits, &[&TEN]).await.unwrap_err().extent(), Extent::Connection);
    let end = Instant::now() + Duration::from_secs(20);
    while let Err(error) = ask(&limits, &[&TEN]).await {
        assert!(Instant::now() < end, "no connection is ever made: {error:?}");
    }
}

/// A request that was given up leaves a call on the server, which must not wait for ever.
#[tokio::test]
async fn a_call_that_was_given_up_does_not_wait_for_its_lock_on_the_server() {
    let Some(pool) = database().await else { return };
    let mut holder = pool.begin().await.unwrap();
    let question = Question::new(&[Charge::new(&TEN, KeyValue::GLOBAL)]);
    question.ask(STATEMENT.into_sql_str(), &mut holder).await.unwrap();
    let hasty = PostgresLimits::new(pool.clone()).with_timeout(Duration::from_millis(50));
    for _ in 0..3 {
        ask(&hasty, &[&TEN]).await.unwrap_err();
    }
    let waiting = "SELECT count(*) FROM pg_stat_activity
        WHERE application_name = current_setting('application_name') AND wait_event_type = 'Lock'";
    let end = Instant::now() + Duration::from_secs(5);
    while sqlx::query_scalar::<_, i64>(waiting).fetch_one(&mut *holder).await.unwrap() > 0 {
        assert!(Instant::now() < end, "calls that were given up still wait");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The same function, at a time that the caller hands in.
fn at_a_time() -> String {
    let body = MIGRATIONS[1].split_once("CREATE OR REPLACE FUNCTION").unwrap().1;
    let body = body.replacen("auth_charge_limits(", "auth_charge_limits_at(at_time NUMERIC, ", 1);
    let clock = "floor(extract(epoch FROM clock_timestamp())::NUMERIC * 1000000::NUMERIC) * 1000::NUMERIC";
    assert!(body.contains(clock));
    format!("CREATE FUNCTION{}", body.replace(clock, "at_time"))
}

#[tokio::test]
async fn memory_and_the_function_give_the_same_answers() {
    let Some(pool) = database().await else { return };
    execute(&pool, at_a_time()).await;
    let mut random = Random::new(5);
    let all = schedules(10_000) as u32;
    let mut connection = pool.acquire().await.unwrap();
    let mut refused = 0_u64;
    for number in 0..all {
        let sequence = Sequence::new(&mut random, number);
        for ((_, picked), (now, said)) in sequence.asked.iter().zip(by_memory(&sequence)) {
            let charges = charges(&sequence, picked);
            // The time may need 64 bits, and this crate computes it.
            let statement = AssertSqlSafe(format!("SELECT auth_charge_limits_at({now}, $1, $2, $3, $4)"));
            let question = Question::new(&charges);
            let answered = Answered::read(&question.ask(statement.into_sql_str(), &mut connection).await.unwrap());
            let shown = shown(&charges, &answered.unwrap());
            assert_eq!(shown, said, "at {now}: {picked:?} of {:?}", sequence.limits);
            refused += u64::from(shown.iter().flatten().any(|verdict| !verdict.is_allowed()));
        }
    }
    assert!(refused > u64::from(all) / 4, "{refused} refused");
}

fn shown(charges: &[Charge<'_>], answered: &Answered) -> Said {
    let all = verdicts(charges.iter().map(Charge::limit), &answered.debts, answered.admitted);
    let uncharged = |(charge, verdict): (&Charge<'_>, crate::limit::Verdict)| {
        Some(if answered.admitted { verdict } else { verdict.uncharged(charge.limit().price()) })
    };
    charges.iter().zip(all.expect("an answer that agrees with itself")).map(uncharged).collect()
}

#[test]
fn an_answer_of_another_form_is_not_understood() {
    for garbage in [&[][..], &[2, 0], &[-1, 0], &[1, -1]] {
        assert!(Answered::read(garbage).is_err(), "{garbage:?}");
    }
    let limits = [&TEN];
    assert!(verdicts(limits.into_iter(), &[], true).is_none());
    assert!(verdicts(limits.into_iter(), &[0, 0], true).is_none());
    assert!(verdicts(limits.into_iter(), &[0], false).is_none());
    assert!(verdicts(limits.into_iter(), &[0], true).is_some());
}
