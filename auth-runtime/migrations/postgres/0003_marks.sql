-- A random mark of each revocation. After an older copy of the database was restored, the same position gets another mark,
-- by which a process notices that it read another history. The default serves earlier releases, which write no mark.
ALTER TABLE auth_revocations ADD COLUMN mark BYTEA NOT NULL DEFAULT uuid_send(gen_random_uuid()) CHECK (length(mark) = 16);

-- The highest version that the oldest program knows which may run on this schema.
ALTER TABLE auth_migrations ADD COLUMN oldest BIGINT NOT NULL DEFAULT 1;
