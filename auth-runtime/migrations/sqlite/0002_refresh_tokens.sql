-- One row for each refresh token that was handed out. `token_hash` is its SHA-256; the token itself is stored nowhere.
-- `user_id` refers to no table: applications may keep their users elsewhere.
CREATE TABLE auth_refresh_tokens (
    token_hash BLOB    NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    session_id TEXT    NOT NULL,
    user_id    TEXT    NOT NULL,
    client_id  TEXT    NOT NULL,
    scope      TEXT    NOT NULL,
    issued_at  INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    auth_time  INTEGER NOT NULL,
    claimed_at INTEGER,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX auth_refresh_tokens_by_session ON auth_refresh_tokens (session_id);
CREATE INDEX auth_refresh_tokens_by_expiry ON auth_refresh_tokens (expires_at);
