-- One row for each API key that was handed out. `key_hash` is its SHA-256; the key itself is stored nowhere.
-- `user_id` refers to no table: applications may keep their users elsewhere. Scopes are a JSON array of text.
-- `ends_at` is the first of the times at which a key stops working, NULL for one that never does.
CREATE TABLE auth_api_keys (
    id            TEXT    NOT NULL PRIMARY KEY,
    user_id       TEXT    NOT NULL,
    name          TEXT    NOT NULL,
    key_hash      BLOB    NOT NULL UNIQUE CHECK (length(key_hash) = 32),
    display       TEXT    NOT NULL,
    scopes        TEXT    NOT NULL CHECK (json_type(scopes) = 'array'),
    limit_count   INTEGER CHECK (limit_count > 0),
    limit_seconds INTEGER CHECK (limit_seconds > 0),
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER,
    last_used_at  INTEGER,
    revoked_at    INTEGER,
    replaced_by   TEXT,
    ends_at       INTEGER GENERATED ALWAYS AS (min(ifnull(expires_at, revoked_at), ifnull(revoked_at, expires_at))),
    CHECK ((limit_count IS NULL) = (limit_seconds IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX auth_api_keys_by_user ON auth_api_keys (user_id);
CREATE INDEX auth_api_keys_by_end ON auth_api_keys (ends_at) WHERE ends_at IS NOT NULL;
