-- What auth-runtime needs beside the application's own columns. It runs once.

-- How sign-in compares addresses and user names: regardless of case and of Unicode's forms. NULL until the program fills
-- it in, since SQL cannot compute it.
ALTER TABLE users ADD COLUMN email_key TEXT;
CREATE UNIQUE INDEX users_email_key ON users (email_key);

-- Why a row cannot get a key: `taken` if another row has it, `unreadable` if the address is no text in UTF-8. The user
-- cannot sign in.
ALTER TABLE users ADD COLUMN key_problem TEXT;
CREATE INDEX users_without_key ON users (id) WHERE email_key IS NULL AND key_problem IS NULL;

-- Former users sign in by their address and have no user name.
ALTER TABLE users ADD COLUMN username TEXT;
ALTER TABLE users ADD COLUMN username_key TEXT;
CREATE UNIQUE INDEX users_username_key ON users (username_key);

ALTER TABLE users ADD COLUMN email_verified_at INTEGER;
ALTER TABLE users ADD COLUMN roles TEXT NOT NULL DEFAULT '[]';
ALTER TABLE users ADD COLUMN scopes TEXT NOT NULL DEFAULT '[]';
ALTER TABLE users ADD COLUMN superuser INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN changed_at INTEGER;

-- Until when an invited user may open the account. NULL for all others.
ALTER TABLE users ADD COLUMN pending_until INTEGER;
CREATE INDEX users_pending ON users (pending_until) WHERE pending_until IS NOT NULL;

-- Hashes of user names that were given up, and the user who may take each of them back.
CREATE TABLE user_retired_names (
    name_hash BLOB NOT NULL PRIMARY KEY,
    user_id   INTEGER
);
CREATE INDEX user_retired_names_by_user ON user_retired_names (user_id);

-- Code that knows only the former columns may change an address. Nothing of the former address may stay behind: not its
-- key, not that somebody proved it, and not the user name that was made of it. A row that is saved with the same address
-- keeps everything.
CREATE TRIGGER users_email_changed AFTER UPDATE OF email ON users WHEN old.email IS NOT new.email BEGIN
    UPDATE users SET
        email_key = NULL,
        key_problem = NULL,
        email_verified_at = NULL,
        username = CASE WHEN username_key = old.email_key THEN NULL ELSE username END,
        username_key = CASE WHEN username_key = old.email_key THEN NULL ELSE username_key END
    WHERE id = new.id;
END;

-- A user as auth-runtime's `Account`.
CREATE VIEW user_accounts AS SELECT
    id,
    coalesce(username, email) AS username,
    email,
    email_verified_at,
    pw_hash AS password_hash,
    roles,
    scopes,
    is_disabled = 0 AS active,
    superuser,
    CASE WHEN is_disabled <> 0 THEN pending_until END AS pending_until,
    unixepoch(joined) AS created_at,
    coalesce(changed_at, unixepoch(joined)) AS updated_at,
    email_key,
    username_key
FROM users;
