//! The rows of the benchmark: an account, a session and a key for each number, and five sessions for each user.

use std::collections::HashMap;

use auth_runtime::store::PgPool;
use aws_lc_rs::digest::{SHA256, digest};

/// A time at which all rows are live.
pub(crate) const NOW: i64 = 1_800_000_000;
pub(crate) const LATER: i64 = NOW + 1_000_000;

/// The hash of the number's token, cookie, key and so on, as `fill` stores it.
pub(crate) fn hash(kind: &str, number: u64) -> [u8; 32] {
    digest(&SHA256, format!("{kind} {number}").as_bytes()).as_ref().try_into().unwrap()
}

/// The tokens that the sessions have now.
pub(crate) struct Rows {
    pub(crate) count: u64,
    pub(crate) random: Random,
    current: HashMap<u64, [u8; 32]>,
    /// The first number that an earlier size did not have. The tokens of the others may be used up.
    first: u64,
    refreshed: u64,
}

impl Rows {
    pub(crate) fn new(from: u64, count: u64) -> Self {
        Self { count, random: Random(count), current: HashMap::new(), first: from, refreshed: 0 }
    }

    /// Returns the token of the next session, and its successor. Calls that are made at once get different sessions.
    pub(crate) fn next_token(&mut self) -> ([u8; 32], [u8; 32]) {
        let number = self.first + self.refreshed * 7_919 % (self.count - self.first);
        self.refreshed += 1;
        let successor = hash("successor", self.random.next());
        let token = self.current.insert(number, successor);
        (token.unwrap_or_else(|| hash("token", number)), successor)
    }
}

/// Adds the rows from one number to another, and lets the server count them.
pub(crate) async fn fill(pool: &PgPool, from: u64, to: u64) {
    for statement in FILL {
        let (from, to) = (from.cast_signed(), to.cast_signed());
        sqlx::query(statement).bind(from).bind(to - 1).execute(pool).await.unwrap();
    }
    sqlx::raw_sql("VACUUM ANALYZE").execute(pool).await.unwrap();
    sqlx::raw_sql("CHECKPOINT").execute(pool).await.unwrap();
}

const FILL: [&str; 7] = [
    "INSERT INTO auth_accounts SELECT 'user ' || i, 'user ' || i, 'user' || i || '@example.org', NULL,
        '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b5dWRWJTmaaJObGRdescudvJC0',
        '{admin}', '{notes:read,notes:write}', TRUE, FALSE, 1800000000, 1800000000 FROM generate_series($1, $2) AS i",
    "INSERT INTO auth_logins SELECT 'user ' || i, 'user ' || i FROM generate_series($1, $2) AS i",
    "INSERT INTO auth_logins SELECT 'user' || i || '@example.org', 'user ' || i FROM generate_series($1, $2) AS i",
    "INSERT INTO auth_known_clients SELECT sha256(('account ' || i)::bytea), sha256(('client ' || i)::bytea), 1801000000
        FROM generate_series($1, $2) AS i",
    "INSERT INTO auth_sessions SELECT 'session ' || i, 'user ' || i / 5, 'web', 'notes:read notes:write', 'cookie',
        sha256(('cookie ' || i)::bytea), 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
        '192.0.2.1', 'laptop', 1800000000, 1800000000, 1800000000, 1801000000, 1801000000, 0
        FROM generate_series($1, $2) AS i",
    "INSERT INTO auth_session_tokens SELECT sha256(('token ' || i)::bytea), 'session ' || i, 1801000000
        FROM generate_series($1, $2) AS i",
    "INSERT INTO auth_api_keys SELECT 'key ' || i, 'user ' || i, 'deploy', sha256(('key ' || i)::bytea), 'ak_live_abc',
        '{notes:read,notes:write}', NULL, NULL, 1800000000, 1801000000 FROM generate_series($1, $2) AS i",
];

/// SplitMix64.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}
