-- When the account's present e-mail address was shown to be its owner's; null until then, also for accounts of before.
ALTER TABLE auth_accounts ADD COLUMN email_verified_at INTEGER;

-- Attempts to sign in that were counted and have not succeeded. The keys are SHA-256 hashes; `client_key` is empty for
-- the counter that all clients share which have never signed in to the account.
CREATE TABLE auth_attempts (
    account_key BLOB    NOT NULL CHECK (length(account_key) = 32),
    client_key  BLOB    NOT NULL CHECK (length(client_key) IN (0, 32)),
    failures    INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    PRIMARY KEY (account_key, client_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX auth_attempts_by_expiry ON auth_attempts (expires_at);

-- Clients from which somebody has signed in to an account.
CREATE TABLE auth_known_clients (
    account_key BLOB    NOT NULL CHECK (length(account_key) = 32),
    client_key  BLOB    NOT NULL CHECK (length(client_key) = 32),
    expires_at  INTEGER NOT NULL,
    PRIMARY KEY (account_key, client_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX auth_known_clients_by_expiry ON auth_known_clients (expires_at);

-- Tokens that were sent by mail and not used yet, one for each account and purpose. `token_hash` is the SHA-256.
CREATE TABLE auth_one_time_tokens (
    token_hash BLOB    NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    purpose    TEXT    NOT NULL,
    account_id TEXT    NOT NULL,
    email      TEXT    NOT NULL,
    expires_at INTEGER NOT NULL,
    UNIQUE (account_id, purpose)
) STRICT, WITHOUT ROWID;

CREATE INDEX auth_one_time_tokens_by_expiry ON auth_one_time_tokens (expires_at);
