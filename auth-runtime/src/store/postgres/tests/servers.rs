//! The server that `scripts/services` starts for tests.

use std::{
    env,
    io::{self, Write as _},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use crate::{
    clock::{Clock, manual::ManualClock},
    error::StoreError,
    secret::SystemEntropy,
    store::PostgresStore,
};

/// The variable with the URL of a server.
const SERVER: &str = "AUTH_TESTS_POSTGRES";

/// Returns the URL of the server, or `None` where no server runs. In continuous integration there has to be one.
pub(crate) fn server() -> Option<String> {
    let server = env::var(SERVER).ok();
    if server.is_none() {
        assert!(env::var("CI").as_deref() != Ok("true"), "{SERVER} is not set: `scripts/services run` sets it");
        // Not by `eprintln!`, which shows nothing in a test that passes.
        let _ = writeln!(
            io::stderr(),
            "LEFT OUT: tests against PostgreSQL, since {SERVER} is not set (scripts/services run)"
        );
    }
    server
}

/// Returns an empty schema of its own, as a URL. It lasts as long as the server, which lasts as long as the tests.
pub(crate) async fn schema(server: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("t{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst));
    let pool = sqlx::PgPool::connect(server).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("CREATE SCHEMA {name}"))).execute(&pool).await.unwrap();
    pool.close().await;
    format!("{server}?options=-csearch_path%3D{name}")
}

pub(crate) async fn open(url: &str, clock: Arc<dyn Clock>) -> Result<PostgresStore, StoreError> {
    PostgresStore::builder(url).max_connections(8).open_with(clock, Arc::new(SystemEntropy::new())).await
}

pub(crate) async fn fresh(server: &str) -> PostgresStore {
    open(&schema(server).await, Arc::new(ManualClock::at(1_000))).await.unwrap()
}

/// Functions and operators that fit the types of a statement better than the server's own, which would convert an
/// argument first. A role that may create objects in the schema of the tables could run code as the service by them.
pub(crate) const TRAPS: &str = "
    DO $$
    DECLARE
        types CONSTANT TEXT[] := ARRAY['int2', 'int4', 'int8', 'numeric', 'text', 'bytea', 'bool', 'name'];
        one   RECORD;
    BEGIN
        FOR one IN SELECT symbol, l, r, row_number() OVER () AS number
            FROM unnest(ARRAY['+', '-', '*', '/', '<', '<=', '>', '>=', '=', '<>', '||']) AS symbol,
                unnest(types) AS l, unnest(types) AS r
            WHERE NOT EXISTS (SELECT 1 FROM pg_operator WHERE oprnamespace = 'pg_catalog'::regnamespace
                AND oprname = symbol AND oprleft = l::regtype AND oprright = r::regtype)
        LOOP
            EXECUTE format('CREATE FUNCTION trap_%s(%s, %s) RETURNS %s LANGUAGE plpgsql AS
                $trap$ BEGIN RAISE EXCEPTION ''a trap: %%'', %L; END $trap$',
                one.number, one.l, one.r,
                CASE WHEN one.symbol IN ('+', '-', '*', '/') THEN 'numeric' WHEN one.symbol = '||' THEN 'text' ELSE 'bool' END,
                concat_ws(' ', one.l, one.symbol, one.r));
            EXECUTE format('CREATE OPERATOR %s (FUNCTION = trap_%s, LEFTARG = %s, RIGHTARG = %s)',
                one.symbol, one.number, one.l, one.r);
        END LOOP;
        FOR one IN SELECT * FROM (VALUES
            ('cardinality(bytea[])', 'int4'), ('cardinality(text[])', 'int4'), ('cardinality(int8[])', 'int4'),
            ('unnest(bytea[])', 'SETOF bytea'), ('unnest(text[])', 'SETOF text'), ('unnest(int8[])', 'SETOF int8'),
            ('array_position(bytea[], bytea)', 'int4'), ('array_fill(numeric, int4[])', 'numeric[]'),
            ('hashtextextended(text, int4)', 'int8'), ('hashtextextended(text, numeric)', 'int8'),
            ('encode(bytea, name)', 'text'), ('current_setting(name)', 'text'), ('pg_notify(text, name)', 'void'),
            ('count(text)', 'int8'), ('floor(int8)', 'numeric'), ('to_regclass(name)', 'regclass')
        ) AS traps (signature, result) LOOP
            EXECUTE format('CREATE FUNCTION %s RETURNS %s LANGUAGE plpgsql AS
                $trap$ BEGIN RAISE EXCEPTION ''a trap: %%'', %L; END $trap$', one.signature, one.result, one.signature);
        END LOOP;
    END $$";
