-- The first second in which a pending account can no longer be opened and may be removed. Null for an open account.
ALTER TABLE auth_accounts ADD COLUMN pending_until INTEGER;

CREATE INDEX auth_accounts_by_pending ON auth_accounts (pending_until) WHERE pending_until IS NOT NULL;
CREATE INDEX auth_accounts_superusers ON auth_accounts (id) WHERE superuser = 1;

-- The SHA-256 of each user name that an account gave up. `user_id` is the account that may take the name back, and null
-- once that account is deleted.
CREATE TABLE auth_retired_names (
    name_hash BLOB NOT NULL PRIMARY KEY CHECK (length(name_hash) = 32),
    user_id   TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX auth_retired_names_by_user ON auth_retired_names (user_id) WHERE user_id IS NOT NULL;

-- How the user authenticated: values of RFC 8176, separated by spaces. Empty for sessions of earlier releases.
ALTER TABLE auth_sessions ADD COLUMN amr TEXT NOT NULL DEFAULT '';

-- Deleting an account removes its ended sessions, too.
CREATE INDEX auth_ended_sessions_by_user ON auth_sessions (user_id) WHERE ended_at IS NOT NULL;
