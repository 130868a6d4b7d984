-- How often the access tokens of a session had to be issued anew. Numbers instead of times: no clock decides which token is
-- from before a change of roles.
ALTER TABLE auth_sessions ADD COLUMN generation INTEGER NOT NULL DEFAULT 0 CHECK (generation >= 0);
ALTER TABLE auth_revocations ADD COLUMN before_generation INTEGER;

-- Tokens that are out carry no number, which counts as 0. Those of sessions with a change of roles in the last minutes are
-- refused, whether they are from before it or not; the next refresh brings others.
UPDATE auth_sessions SET generation = 1
WHERE id IN (SELECT target FROM auth_revocations WHERE target_kind = 'session' AND issued_until IS NOT NULL);
UPDATE auth_revocations SET before_generation = 1 WHERE issued_until IS NOT NULL;
ALTER TABLE auth_revocations DROP COLUMN issued_until;
