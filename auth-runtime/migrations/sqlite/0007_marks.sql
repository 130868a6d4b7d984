-- A random mark of each revocation. After an older copy of the database was restored, the same position gets another mark,
-- by which a process notices that it read another history. The default serves earlier releases, which write no mark.
-- SQLite adds no column with such a default to a table that has rows, so the table is made anew. Its counter goes on.
CREATE TABLE auth_revocations_marked (
    position          INTEGER PRIMARY KEY AUTOINCREMENT,
    target_kind       TEXT    NOT NULL,
    target            TEXT    NOT NULL,
    remember_until    INTEGER NOT NULL,
    before_generation INTEGER,
    mark              BLOB    NOT NULL DEFAULT (randomblob(16)) CHECK (length(mark) = 16)
) STRICT;

INSERT INTO auth_revocations_marked (position, target_kind, target, remember_until, before_generation)
SELECT position, target_kind, target, remember_until, before_generation FROM auth_revocations;

DELETE FROM sqlite_sequence WHERE name = 'auth_revocations_marked';
INSERT INTO sqlite_sequence (name, seq)
SELECT 'auth_revocations_marked', seq FROM sqlite_sequence WHERE name = 'auth_revocations';

DROP TABLE auth_revocations;
ALTER TABLE auth_revocations_marked RENAME TO auth_revocations;
CREATE INDEX auth_revocations_by_expiry ON auth_revocations (remember_until);

-- The highest version that the oldest program knows which may run on this schema.
ALTER TABLE auth_migrations ADD COLUMN oldest INTEGER NOT NULL DEFAULT 1;
