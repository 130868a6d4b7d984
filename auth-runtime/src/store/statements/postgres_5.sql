DELETE FROM auth_accounts WHERE id = $1
DELETE FROM auth_accounts WHERE id = $1 AND pending_until IS NOT NULL AND NOT active
DELETE FROM auth_accounts WHERE id IN (SELECT id FROM auth_accounts WHERE pending_until <= $1 AND NOT active ORDER BY pending_until, id LIMIT $2 FOR UPDATE SKIP LOCKED)
DELETE FROM auth_api_keys WHERE id IN (SELECT id FROM auth_api_keys WHERE ends_at <= $1 ORDER BY ends_at LIMIT $2 FOR UPDATE SKIP LOCKED)
DELETE FROM auth_api_keys WHERE id IN (SELECT id FROM auth_api_keys WHERE user_id = $1 AND (revoked_at IS NOT NULL OR expires_at <= $2) ORDER BY ends_at, id LIMIT $3)
DELETE FROM auth_api_keys WHERE user_id = $1
DELETE FROM auth_attempts WHERE (account_key, client_key) IN (SELECT account_key, client_key FROM auth_attempts WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)
DELETE FROM auth_attempts WHERE account_key = $1
DELETE FROM auth_attempts WHERE account_key = $1 AND client_key = coalesce((SELECT client_key FROM auth_known_clients WHERE account_key = $1 AND client_key = $2 AND expires_at > $3), ''::bytea)
DELETE FROM auth_known_clients WHERE (account_key, client_key) IN (SELECT account_key, client_key FROM auth_known_clients WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)
DELETE FROM auth_known_clients WHERE account_key = $1
DELETE FROM auth_known_clients WHERE account_key = $1 AND client_key IN (SELECT client_key FROM auth_known_clients WHERE account_key = $1 ORDER BY expires_at DESC, client_key DESC OFFSET $2)
DELETE FROM auth_logins WHERE login = $1 AND account_id = $2
DELETE FROM auth_one_time_tokens WHERE account_id = $1
DELETE FROM auth_one_time_tokens WHERE account_id = $1 AND purpose = $2
DELETE FROM auth_one_time_tokens WHERE token_hash = $1 AND purpose = $2 AND expires_at > $3 RETURNING account_id, email, expires_at
DELETE FROM auth_one_time_tokens WHERE token_hash IN (SELECT token_hash FROM auth_one_time_tokens WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)
DELETE FROM auth_revocations WHERE position IN (SELECT position FROM auth_revocations WHERE remember_until <= $1 AND position < (SELECT max(position) FROM auth_revocations) ORDER BY remember_until LIMIT $2 FOR UPDATE SKIP LOCKED)
DELETE FROM auth_session_tokens WHERE token_hash IN (SELECT token_hash FROM auth_session_tokens WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)
DELETE FROM auth_session_tokens WHERE token_hash IN (SELECT token_hash FROM auth_sessions JOIN auth_session_tokens ON session_id = id WHERE least(idle_expires_at, absolute_expires_at) <= $1 LIMIT $2 FOR UPDATE OF auth_session_tokens SKIP LOCKED)
DELETE FROM auth_sessions WHERE id = ANY($1)
DELETE FROM auth_sessions WHERE id IN (SELECT id FROM auth_sessions WHERE least(idle_expires_at, absolute_expires_at) <= $1 AND NOT EXISTS (SELECT 1 FROM auth_session_tokens WHERE session_id = id) ORDER BY least(idle_expires_at, absolute_expires_at) LIMIT $2 FOR UPDATE SKIP LOCKED)
DELETE FROM auth_sessions WHERE user_id = $1 AND ended_at IS NOT NULL
INSERT INTO auth_accounts (id, username, email, email_verified_at, password_hash, roles, scopes, active, superuser, pending_until, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO NOTHING
INSERT INTO auth_api_keys (id, user_id, name, key_hash, display, scopes, limit_count, limit_seconds, created_at, expires_at, last_used_at, revoked_at, replaced_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
INSERT INTO auth_attempts (account_key, client_key, failures, expires_at) VALUES ($1, coalesce((SELECT client_key FROM auth_known_clients WHERE account_key = $1 AND client_key = $2 AND expires_at > $3), ''::bytea), 1, $4) ON CONFLICT (account_key, client_key) DO UPDATE SET failures = CASE WHEN auth_attempts.expires_at > $3 THEN auth_attempts.failures + 1 ELSE 1 END, expires_at = excluded.expires_at WHERE auth_attempts.expires_at <= $3 OR auth_attempts.failures < $5
INSERT INTO auth_known_clients (account_key, client_key, expires_at) VALUES ($1, $2, $3) ON CONFLICT (account_key, client_key) DO UPDATE SET expires_at = excluded.expires_at
INSERT INTO auth_logins (login, account_id) VALUES ($1, $2) ON CONFLICT DO NOTHING
INSERT INTO auth_migrations (version, name, oldest, applied_at) VALUES ($1, $2, $3, $4)
INSERT INTO auth_one_time_tokens (token_hash, purpose, account_id, email, expires_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (account_id, purpose) DO UPDATE SET token_hash = excluded.token_hash, email = excluded.email, expires_at = excluded.expires_at
INSERT INTO auth_retired_names (name_hash, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING
INSERT INTO auth_session_tokens (token_hash, session_id, expires_at) VALUES ($1, $2, $3)
INSERT INTO auth_sessions (id, user_id, client_id, scope, kind, cookie_hash, user_agent, address, device, created_at, last_used_at, auth_time, amr, idle_expires_at, absolute_expires_at, generation, ended_at, ended_why) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
SELECT * FROM ( SELECT name, owner.rolname::text AS owner, pg_catalog.row_security_active(class.oid) AS is_hidden, class.relowner <> me.oid AND NOT owner.rolsuper AND class.relowner <> schema.nspowner AND class.relowner <> database.datdba AND (me.rolsuper OR NOT pg_catalog.pg_has_role(me.oid, class.relowner, 'USAGE'::text)) AS is_strange FROM pg_catalog.unnest($1::text[]) AS name JOIN pg_catalog.pg_class AS class ON class.oid = pg_catalog.to_regclass(name) JOIN pg_catalog.pg_namespace AS schema ON schema.oid = class.relnamespace JOIN pg_catalog.pg_roles AS owner ON owner.oid = class.relowner JOIN pg_catalog.pg_roles AS me ON me.rolname = current_user JOIN pg_catalog.pg_database AS database ON database.datname = pg_catalog.current_database() ) AS found WHERE is_strange OR is_hidden LIMIT 1
SELECT EXISTS (SELECT 1 FROM auth_accounts WHERE superuser AND active AND id <> $1)
SELECT EXISTS (SELECT 1 FROM auth_known_clients WHERE account_key = $1 AND client_key = $2 AND expires_at > $3)
SELECT EXISTS (SELECT 1 FROM auth_retired_names WHERE name_hash = $1 AND user_id IS DISTINCT FROM $2)
SELECT account_id, email, expires_at FROM auth_one_time_tokens WHERE token_hash = $1 AND purpose = $2 AND expires_at > $3
SELECT account_key, max(expires_at) FROM auth_attempts WHERE account_key = ANY($1) AND failures >= $2 AND expires_at > $3 GROUP BY account_key
SELECT auth_charge_limits($1, $2, $3, $4)
SELECT coalesce(max(version), 0) FROM auth_migrations
SELECT count(*) FROM auth_api_keys WHERE id = $1 AND user_id = $2
SELECT count(*) FROM auth_api_keys WHERE user_id = $1
SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding, current_setting('synchronous_commit') AS commit, current_setting('transaction_isolation') AS isolation, pg_is_in_recovery() OR current_setting('transaction_read_only')::bool AS read_only, current_schema() IS NOT NULL AS has_schema
SELECT expires_at FROM auth_attempts WHERE account_key = $1 AND client_key = coalesce((SELECT client_key FROM auth_known_clients WHERE account_key = $1 AND client_key = $2 AND expires_at > $3), ''::bytea)
SELECT id FROM auth_sessions WHERE user_id = $1 AND ended_at IS NULL AND id IS DISTINCT FROM $2 ORDER BY id FOR UPDATE
SELECT id FROM auth_sessions WHERE user_id = $1 AND ended_at IS NULL ORDER BY id FOR UPDATE
SELECT id, user_id, client_id, scope, kind, user_agent, address, device, created_at, last_used_at, auth_time, amr, idle_expires_at, absolute_expires_at, generation, ended_at, ended_why FROM auth_sessions WHERE cookie_hash = $1
SELECT id, user_id, client_id, scope, kind, user_agent, address, device, created_at, last_used_at, auth_time, amr, idle_expires_at, absolute_expires_at, generation, ended_at, ended_why FROM auth_sessions WHERE id = $1
SELECT id, user_id, client_id, scope, kind, user_agent, address, device, created_at, last_used_at, auth_time, amr, idle_expires_at, absolute_expires_at, generation, ended_at, ended_why FROM auth_sessions WHERE user_id = $1 AND ended_at IS NULL AND idle_expires_at > $2 AND absolute_expires_at > $2 ORDER BY last_used_at DESC, id DESC
SELECT id, user_id, client_id, scope, kind, user_agent, address, device, created_at, last_used_at, auth_time, amr, idle_expires_at, absolute_expires_at, generation, ended_at, ended_why, claimed_at FROM auth_session_tokens JOIN auth_sessions ON auth_sessions.id = auth_session_tokens.session_id WHERE auth_session_tokens.token_hash = $1
SELECT id, user_id, client_id, scope, kind, user_agent, address, device, created_at, last_used_at, auth_time, amr, idle_expires_at, absolute_expires_at, generation, ended_at, ended_why, expires_at, claimed_at, claimed_by, sealed FROM auth_session_tokens JOIN auth_sessions ON auth_sessions.id = auth_session_tokens.session_id WHERE token_hash = $1 FOR UPDATE
SELECT id, user_id, name, key_hash, display, scopes, limit_count, limit_seconds, created_at, expires_at, last_used_at, revoked_at, replaced_by FROM auth_api_keys WHERE key_hash = $1
SELECT id, user_id, name, key_hash, display, scopes, limit_count, limit_seconds, created_at, expires_at, last_used_at, revoked_at, replaced_by FROM auth_api_keys WHERE user_id = $1 ORDER BY id
SELECT id, username, email, email_verified_at, password_hash, roles, scopes, active, superuser, pending_until, created_at, updated_at FROM auth_accounts WHERE ($1::text IS NULL OR id > $1) AND ($2::text IS NULL OR EXISTS (SELECT 1 FROM auth_logins WHERE account_id = auth_accounts.id AND strpos(login, $2) > 0)) AND ($3::boolean IS NULL OR active = $3) AND ($4::boolean IS NULL OR superuser = $4) AND ($5::boolean IS NULL OR (NOT active AND pending_until IS NOT NULL) = $5) AND ($6::text IS NULL OR $6 = ANY(roles)) ORDER BY id LIMIT $7
SELECT id, username, email, email_verified_at, password_hash, roles, scopes, active, superuser, pending_until, created_at, updated_at FROM auth_accounts WHERE id = $1
SELECT id, username, email, email_verified_at, password_hash, roles, scopes, active, superuser, pending_until, created_at, updated_at FROM auth_accounts WHERE id = $1 FOR UPDATE
SELECT id, username, email, email_verified_at, password_hash, roles, scopes, active, superuser, pending_until, created_at, updated_at FROM auth_accounts WHERE id = ANY($1) ORDER BY id FOR UPDATE
SELECT id, username, email, email_verified_at, password_hash, roles, scopes, active, superuser, pending_until, created_at, updated_at FROM auth_logins JOIN auth_accounts ON auth_accounts.id = auth_logins.account_id WHERE auth_logins.login = $1
SELECT max(oldest) FROM auth_migrations
SELECT now() = statement_timestamp()
SELECT pg_advisory_xact_lock($1)
SELECT pg_advisory_xact_lock(hashtextextended('auth_accounts:superusers'::text, 0::bigint))
SELECT pg_advisory_xact_lock(hashtextextended('auth_api_keys:' || $1, 0::bigint))
SELECT pg_catalog.to_regclass('auth_migrations'::text) IS NOT NULL
SELECT pg_is_in_recovery()
SELECT pg_notify($1, $2)
SELECT position, mark, target_kind, target, before_generation, remember_until FROM auth_revocations WHERE position > $1 ORDER BY position
SELECT set_config('client_connection_check_interval', '1s', FALSE) WHERE current_setting('client_connection_check_interval', TRUE) = '0'
UPDATE auth_accounts SET active = FALSE, updated_at = $1 WHERE id = $2
UPDATE auth_accounts SET active = TRUE, pending_until = NULL, updated_at = $1 WHERE id = $2
UPDATE auth_accounts SET email_verified_at = $1, updated_at = $2 WHERE id = $3 AND email = $4
UPDATE auth_accounts SET password_hash = $1, updated_at = $2 WHERE id = $3 AND password_hash = $4
UPDATE auth_accounts SET roles = $1, updated_at = $2 WHERE id = $3
UPDATE auth_accounts SET scopes = $1, updated_at = $2 WHERE id = $3
UPDATE auth_accounts SET superuser = FALSE, updated_at = $1 WHERE id = $2
UPDATE auth_accounts SET superuser = TRUE, updated_at = $1 WHERE id = $2
UPDATE auth_accounts SET username = $1, email = $2, email_verified_at = $3, password_hash = $4, active = $5, pending_until = $6, updated_at = $7 WHERE id = $8
UPDATE auth_accounts SET username = $1, email = $2, email_verified_at = $3, password_hash = $4, roles = $5, scopes = $6, active = $7, superuser = $8, pending_until = $9, updated_at = $10 WHERE id = $11
UPDATE auth_api_keys SET expires_at = least(expires_at, $1), replaced_by = $2 WHERE id = $3 AND user_id = $4 AND replaced_by IS NULL AND revoked_at IS NULL AND coalesce(expires_at > $5, TRUE)
UPDATE auth_api_keys SET last_used_at = $1 WHERE id = $2 AND coalesce(last_used_at < $1, TRUE)
UPDATE auth_api_keys SET revoked_at = $1 WHERE user_id = $2 AND revoked_at IS NULL
UPDATE auth_api_keys SET revoked_at = coalesce(revoked_at, $1) WHERE id = $2 AND user_id = $3
UPDATE auth_attempts SET failures = failures - 1 WHERE account_key = $1 AND expires_at > $3 AND failures > 0 AND client_key = coalesce((SELECT client_key FROM auth_known_clients WHERE account_key = $1 AND client_key = $2 AND expires_at > $3), ''::bytea)
UPDATE auth_retired_names SET user_id = NULL WHERE user_id = $1
UPDATE auth_revocation_position SET position = position + $1 RETURNING position - $1
UPDATE auth_session_tokens SET claimed_at = $1, claimed_by = $2, sealed = $3, sealed_until = $4 WHERE token_hash = $5 AND claimed_at IS NULL
UPDATE auth_session_tokens SET sealed = NULL, sealed_until = NULL WHERE token_hash IN (SELECT token_hash FROM auth_session_tokens WHERE sealed_until <= $1 ORDER BY sealed_until LIMIT $2 FOR UPDATE SKIP LOCKED)
UPDATE auth_sessions SET auth_time = greatest(auth_time, $1) WHERE id = $2 AND ended_at IS NULL
UPDATE auth_sessions SET auth_time = greatest(auth_time, $1), cookie_hash = $4 WHERE id = $2 AND ended_at IS NULL AND cookie_hash = $3
UPDATE auth_sessions SET ended_at = $1, ended_why = $2 WHERE id = $3 AND user_id = $4 AND ended_at IS NULL
UPDATE auth_sessions SET ended_at = $1, ended_why = $2 WHERE id = ANY($3)
UPDATE auth_sessions SET generation = generation + 1 WHERE id = ANY($1) RETURNING id, generation
UPDATE auth_sessions SET last_used_at = $1, idle_expires_at = $2, user_agent = $3, address = $4 WHERE id = $5
UPDATE auth_sessions SET last_used_at = greatest(last_used_at, $1), idle_expires_at = greatest(idle_expires_at, $2), user_agent = $3, address = $4 WHERE id = $5 AND ended_at IS NULL AND idle_expires_at > $1 AND absolute_expires_at > $1
WITH added AS ( INSERT INTO auth_revocations (position, target_kind, target, before_generation, remember_until) SELECT $1 + place, $2, target, generation, $3 FROM unnest($4::text[], $5::bigint[]) WITH ORDINALITY AS added (target, generation, place) ) SELECT pg_notify($6, ''::text) WHERE pg_notification_queue_usage() < 0.5::double precision
WITH part AS MATERIALIZED (SELECT key, full_at FROM auth_limits WHERE key > $1 ORDER BY key LIMIT $2), removed AS (DELETE FROM auth_limits WHERE key IN (SELECT key FROM auth_limits WHERE key = ANY(ARRAY(SELECT key FROM part WHERE full_at < extract(epoch FROM clock_timestamp())::numeric * 1000000000::numeric)) AND full_at < extract(epoch FROM clock_timestamp())::numeric * 1000000000::numeric FOR UPDATE SKIP LOCKED)) SELECT key FROM part ORDER BY key DESC LIMIT 1
