-- One row for each sign-in. `user_id` refers to no table: applications may keep their users elsewhere. `cookie_hash` is
-- the SHA-256 of the cookie that continues the session, where one does.
CREATE TABLE auth_sessions (
    id                  TEXT    NOT NULL PRIMARY KEY,
    user_id             TEXT    NOT NULL,
    client_id           TEXT    NOT NULL,
    scope               TEXT    NOT NULL,
    kind                TEXT    NOT NULL,
    cookie_hash         BLOB    CHECK (length(cookie_hash) = 32),
    user_agent          TEXT    NOT NULL,
    address             TEXT    NOT NULL,
    device              TEXT    NOT NULL,
    created_at          INTEGER NOT NULL,
    last_used_at        INTEGER NOT NULL,
    auth_time           INTEGER NOT NULL,
    idle_expires_at     INTEGER NOT NULL,
    absolute_expires_at INTEGER NOT NULL,
    ended_at            INTEGER,
    ended_why           TEXT,
    CHECK ((ended_at IS NULL) = (ended_why IS NULL))
) STRICT;

-- Partial, so that both stay as small as the number of sessions that they are asked for.
CREATE UNIQUE INDEX auth_sessions_by_cookie ON auth_sessions (cookie_hash) WHERE cookie_hash IS NOT NULL;
CREATE INDEX auth_sessions_by_user ON auth_sessions (user_id) WHERE ended_at IS NULL;
CREATE INDEX auth_sessions_by_expiry ON auth_sessions (min(idle_expires_at, absolute_expires_at));

-- One row for each refresh token that was handed out, used or not; the token itself is stored nowhere. `claimed_by` is
-- the fingerprint of whoever used it. `sealed` is its successor, readable with this token only, until `sealed_until`.
CREATE TABLE auth_session_tokens (
    token_hash   BLOB    NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    session_id   TEXT    NOT NULL REFERENCES auth_sessions (id) ON DELETE CASCADE,
    expires_at   INTEGER NOT NULL,
    claimed_at   INTEGER,
    claimed_by   BLOB    CHECK (length(claimed_by) = 32),
    sealed       BLOB,
    sealed_until INTEGER,
    CHECK (claimed_at IS NOT NULL OR claimed_by IS NULL),
    CHECK (claimed_at IS NOT NULL OR sealed IS NULL),
    CHECK ((sealed IS NULL) = (sealed_until IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX auth_session_tokens_by_session ON auth_session_tokens (session_id);
CREATE INDEX auth_session_tokens_by_expiry ON auth_session_tokens (expires_at);
CREATE INDEX auth_session_tokens_by_seal ON auth_session_tokens (sealed_until) WHERE sealed_until IS NOT NULL;

-- AUTOINCREMENT: a position is never given twice, also when the newest rows were removed. There is one writer at a time,
-- so that positions grow in the order of commits, and whoever reads up to one has missed none before it.
CREATE TABLE auth_revocations (
    position       INTEGER PRIMARY KEY AUTOINCREMENT,
    target_kind    TEXT    NOT NULL,
    target         TEXT    NOT NULL,
    issued_until   INTEGER,
    remember_until INTEGER NOT NULL
) STRICT;

CREATE INDEX auth_revocations_by_expiry ON auth_revocations (remember_until);

-- Every session that is known by its refresh tokens is carried over, and ended where one of them was revoked. Scope and
-- times are those of its newest token, the unused one. It had no end but by idleness: it gets thirty days (2 592 000
-- seconds) from its beginning, and in any case the time of its last token, so that nobody is signed out by the change.
INSERT INTO auth_sessions (
    id, user_id, client_id, scope, kind, user_agent, address, device,
    created_at, last_used_at, auth_time, idle_expires_at, absolute_expires_at, ended_at, ended_why
)
SELECT
    session_id, user_id, client_id, scope, 'bearer', '', '', '',
    first_issued_at, last_issued_at, auth_time, last_expires_at, max(first_issued_at + 2592000, last_expires_at),
    ended_at, CASE WHEN ended_at IS NOT NULL THEN 'revoked' END
FROM (
    SELECT
        session_id, user_id, client_id, scope, auth_time,
        min(issued_at) OVER family AS first_issued_at,
        max(issued_at) OVER family AS last_issued_at,
        max(expires_at) OVER family AS last_expires_at,
        min(revoked_at) OVER family AS ended_at,
        row_number() OVER (
            PARTITION BY session_id ORDER BY claimed_at IS NOT NULL, issued_at DESC, token_hash
        ) AS age
    FROM auth_refresh_tokens
    WINDOW family AS (PARTITION BY session_id)
)
WHERE age = 1;

-- Nobody noted who used a token, so that a used one that comes back is always a copy.
INSERT INTO auth_session_tokens (token_hash, session_id, expires_at, claimed_at)
SELECT token_hash, session_id, expires_at, claimed_at FROM auth_refresh_tokens;

DROP TABLE auth_refresh_tokens;
