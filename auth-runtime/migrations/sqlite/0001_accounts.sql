-- Times are seconds since 1970-01-01T00:00:00Z. Roles and scopes are JSON arrays of text.
CREATE TABLE auth_accounts (
    id            TEXT    NOT NULL PRIMARY KEY,
    username      TEXT    NOT NULL,
    email         TEXT    NOT NULL,
    password_hash TEXT    NOT NULL,
    roles         TEXT    NOT NULL CHECK (json_type(roles) = 'array'),
    scopes        TEXT    NOT NULL CHECK (json_type(scopes) = 'array'),
    active        INTEGER NOT NULL CHECK (active IN (0, 1)),
    superuser     INTEGER NOT NULL CHECK (superuser IN (0, 1)),
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Every normalised name that signs somebody in. User names and e-mail addresses share one key, so that nobody can
-- take another person's address as a user name and receive their logins.
CREATE TABLE auth_logins (
    login      TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES auth_accounts (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX auth_logins_by_account ON auth_logins (account_id);
