-- Times are seconds since 1970-01-01T00:00:00Z. `user_id` refers to no table: applications may keep their users elsewhere.
-- Names and hashes compare byte by byte, whatever the database's collation is.
CREATE TABLE auth_accounts (
    id                TEXT    COLLATE "C" NOT NULL PRIMARY KEY,
    username          TEXT    NOT NULL,
    email             TEXT    NOT NULL,
    email_verified_at BIGINT,
    password_hash     TEXT    NOT NULL,
    roles             TEXT[]  NOT NULL,
    scopes            TEXT[]  NOT NULL,
    active            BOOLEAN NOT NULL,
    superuser         BOOLEAN NOT NULL,
    created_at        BIGINT  NOT NULL,
    updated_at        BIGINT  NOT NULL
);

-- All normalised names by which an account signs in. User names and e-mail addresses share one key. Otherwise a stranger
-- could take another person's address as a user name, and receive that person's logins.
CREATE TABLE auth_logins (
    login      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id TEXT COLLATE "C" NOT NULL REFERENCES auth_accounts (id) ON DELETE CASCADE
);

CREATE INDEX auth_logins_by_account ON auth_logins (account_id);

-- One row for each sign-in. `cookie_hash` is the SHA-256 of the cookie that continues the session, if it has one.
CREATE TABLE auth_sessions (
    id                  TEXT   COLLATE "C" NOT NULL PRIMARY KEY,
    user_id             TEXT   COLLATE "C" NOT NULL,
    client_id           TEXT   NOT NULL,
    scope               TEXT   NOT NULL,
    kind                TEXT   NOT NULL,
    cookie_hash         BYTEA  CHECK (length(cookie_hash) = 32),
    user_agent          TEXT   NOT NULL,
    address             TEXT   NOT NULL,
    device              TEXT   NOT NULL,
    created_at          BIGINT NOT NULL,
    last_used_at        BIGINT NOT NULL,
    auth_time           BIGINT NOT NULL,
    idle_expires_at     BIGINT NOT NULL,
    absolute_expires_at BIGINT NOT NULL,
    generation          BIGINT NOT NULL CHECK (generation >= 0),
    ended_at            BIGINT,
    ended_why           TEXT,
    CHECK ((ended_at IS NULL) = (ended_why IS NULL))
);

CREATE UNIQUE INDEX auth_sessions_by_cookie ON auth_sessions (cookie_hash) WHERE cookie_hash IS NOT NULL;
CREATE INDEX auth_sessions_by_user ON auth_sessions (user_id) WHERE ended_at IS NULL;
CREATE INDEX auth_sessions_by_expiry ON auth_sessions (least(idle_expires_at, absolute_expires_at));

-- One row for each refresh token that was handed out, used or not. The token itself is not stored. `claimed_by` is the
-- fingerprint of the client that used it. `sealed` is its successor, readable with this token only, until `sealed_until`.
CREATE TABLE auth_session_tokens (
    token_hash   BYTEA  NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    session_id   TEXT   COLLATE "C" NOT NULL REFERENCES auth_sessions (id) ON DELETE CASCADE,
    expires_at   BIGINT NOT NULL,
    claimed_at   BIGINT,
    claimed_by   BYTEA  CHECK (length(claimed_by) = 32),
    sealed       BYTEA,
    sealed_until BIGINT,
    CHECK (claimed_at IS NOT NULL OR claimed_by IS NULL),
    CHECK (claimed_at IS NOT NULL OR sealed IS NULL),
    CHECK ((sealed IS NULL) = (sealed_until IS NULL))
);

CREATE INDEX auth_session_tokens_by_session ON auth_session_tokens (session_id);
CREATE INDEX auth_session_tokens_by_expiry ON auth_session_tokens (expires_at);
CREATE INDEX auth_session_tokens_by_seal ON auth_session_tokens (sealed_until) WHERE sealed_until IS NOT NULL;

-- The last position of `auth_revocations`, in one row. A transaction that revokes locks the row as its last step and
-- keeps it to its commit, so that positions grow in the order of commits. A sequence would not do: the higher of two
-- positions could be committed first, and a reader that asks for everything after it would miss the lower one for ever.
CREATE TABLE auth_revocation_position (
    only_row BOOLEAN NOT NULL PRIMARY KEY DEFAULT TRUE CHECK (only_row),
    position BIGINT  NOT NULL
);

INSERT INTO auth_revocation_position (position) VALUES (0);

CREATE TABLE auth_revocations (
    position          BIGINT NOT NULL PRIMARY KEY,
    target_kind       TEXT   NOT NULL,
    target            TEXT   NOT NULL,
    before_generation BIGINT,
    remember_until    BIGINT NOT NULL
);

CREATE INDEX auth_revocations_by_expiry ON auth_revocations (remember_until);

-- Attempts to sign in that were counted and have not succeeded. The keys are SHA-256 hashes. `client_key` is empty for
-- the counter that all clients share that have never signed in to the account.
CREATE TABLE auth_attempts (
    account_key BYTEA  NOT NULL CHECK (length(account_key) = 32),
    client_key  BYTEA  NOT NULL CHECK (length(client_key) IN (0, 32)),
    failures    BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    PRIMARY KEY (account_key, client_key)
);

CREATE INDEX auth_attempts_by_expiry ON auth_attempts (expires_at);

-- Clients that have signed in to an account.
CREATE TABLE auth_known_clients (
    account_key BYTEA  NOT NULL CHECK (length(account_key) = 32),
    client_key  BYTEA  NOT NULL CHECK (length(client_key) = 32),
    expires_at  BIGINT NOT NULL,
    PRIMARY KEY (account_key, client_key)
);

CREATE INDEX auth_known_clients_by_expiry ON auth_known_clients (expires_at);

-- Tokens that were sent by mail and not used yet, one for each account and purpose. `token_hash` is the SHA-256.
CREATE TABLE auth_one_time_tokens (
    token_hash BYTEA  NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    purpose    TEXT   NOT NULL,
    account_id TEXT   COLLATE "C" NOT NULL,
    email      TEXT   NOT NULL,
    expires_at BIGINT NOT NULL,
    UNIQUE (account_id, purpose)
);

CREATE INDEX auth_one_time_tokens_by_expiry ON auth_one_time_tokens (expires_at);

-- One row for each API key that was handed out. `key_hash` is its SHA-256; the key itself is not stored. `ends_at` is the
-- first of the times at which a key stops working, NULL for a key that has no end.
CREATE TABLE auth_api_keys (
    id            TEXT   COLLATE "C" NOT NULL PRIMARY KEY,
    user_id       TEXT   COLLATE "C" NOT NULL,
    name          TEXT   NOT NULL,
    key_hash      BYTEA  NOT NULL UNIQUE CHECK (length(key_hash) = 32),
    display       TEXT   NOT NULL,
    scopes        TEXT[] NOT NULL,
    limit_count   BIGINT CHECK (limit_count > 0),
    limit_seconds BIGINT CHECK (limit_seconds > 0),
    created_at    BIGINT NOT NULL,
    expires_at    BIGINT,
    last_used_at  BIGINT,
    revoked_at    BIGINT,
    replaced_by   TEXT,
    ends_at       BIGINT GENERATED ALWAYS AS (least(expires_at, revoked_at)) STORED,
    CHECK ((limit_count IS NULL) = (limit_seconds IS NULL))
);

CREATE INDEX auth_api_keys_by_user ON auth_api_keys (user_id);
CREATE INDEX auth_api_keys_by_end ON auth_api_keys (ends_at) WHERE ends_at IS NOT NULL;
