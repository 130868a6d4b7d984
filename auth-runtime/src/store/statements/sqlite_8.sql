DELETE FROM auth_accounts WHERE id = ?
DELETE FROM auth_accounts WHERE id = ? AND pending_until IS NOT NULL AND active = FALSE
DELETE FROM auth_accounts WHERE id IN (SELECT id FROM auth_accounts WHERE pending_until <= ? AND active = FALSE ORDER BY pending_until, id LIMIT ?)
DELETE FROM auth_api_keys WHERE id IN (SELECT id FROM auth_api_keys WHERE ends_at <= ? ORDER BY ends_at LIMIT ?)
DELETE FROM auth_api_keys WHERE id IN (SELECT id FROM auth_api_keys WHERE user_id = ?1 AND (revoked_at IS NOT NULL OR expires_at <= ?2) ORDER BY ends_at, id LIMIT ?3)
DELETE FROM auth_api_keys WHERE user_id = ?
DELETE FROM auth_attempts WHERE (account_key, client_key) IN (SELECT account_key, client_key FROM auth_attempts WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)
DELETE FROM auth_attempts WHERE account_key = ?
DELETE FROM auth_attempts WHERE account_key = ?1 AND client_key = coalesce((SELECT client_key FROM auth_known_clients WHERE account_key = ?1 AND client_key = ?2 AND expires_at > ?3), x'')
DELETE FROM auth_known_clients WHERE (account_key, client_key) IN (SELECT account_key, client_key FROM auth_known_clients WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)
DELETE FROM auth_known_clients WHERE account_key = ?
DELETE FROM auth_known_clients WHERE account_key = ?1 AND client_key IN (SELECT client_key FROM auth_known_clients WHERE account_key = ?1 ORDER BY expires_at DESC, client_key DESC LIMIT -1 OFFSET ?2)
DELETE FROM auth_logins WHERE login = ? AND account_id = ?
DELETE FROM auth_one_time_tokens WHERE account_id = ?
DELETE FROM auth_one_time_tokens WHERE account_id = ? AND purpose = ?
DELETE FROM auth_one_time_tokens WHERE token_hash = ? AND purpose = ? AND expires_at > ? RETURNING account_id, email, expires_at
DELETE FROM auth_one_time_tokens WHERE token_hash IN (SELECT token_hash FROM auth_one_time_tokens WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)
DELETE FROM auth_revocations WHERE position IN (SELECT position FROM auth_revocations WHERE remember_until <= ? AND position < (SELECT max(position) FROM auth_revocations) ORDER BY remember_until LIMIT ?)
DELETE FROM auth_session_tokens WHERE token_hash IN (SELECT token_hash FROM auth_session_tokens WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)
DELETE FROM auth_session_tokens WHERE token_hash IN (SELECT token_hash FROM auth_sessions JOIN auth_session_tokens ON session_id = id WHERE min(idle_expires_at, absolute_expires_at) <= ? LIMIT ?)
DELETE FROM auth_sessions WHERE id IN (SELECT id FROM auth_sessions WHERE min(idle_expires_at, absolute_expires_at) <= ? AND NOT EXISTS (SELECT 1 FROM auth_session_tokens WHERE session_id = id) ORDER BY min(idle_expires_at, absolute_expires_at) LIMIT ?)
DELETE FROM auth_sessions WHERE user_id = ? AND ended_at IS NOT NULL
DELETE FROM auth_sessions WHERE user_id = ? AND ended_at IS NULL RETURNING id
INSERT INTO auth_accounts (id, username, email, email_verified_at, password_hash, roles, scopes, active, superuser, pending_until, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
INSERT INTO auth_api_keys (id, user_id, name, key_hash, display, scopes, limit_count, limit_seconds, created_at, expires_at, last_used_at, revoked_at, replaced_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
INSERT INTO auth_attempts (account_key, client_key, failures, expires_at) VALUES (?1, coalesce((SELECT client_key FROM auth_known_clients WHERE account_key = ?1 AND client_key = ?2 AND expires_at > ?3), x''), 1, ?4) ON CONFLICT (account_key, client_key) DO UPDATE SET failures = CASE WHEN expires_at > ?3 THEN failures + 1 ELSE 1 END, expires_at = excluded.expires_at WHERE expires_at <= ?3 OR failures < ?5 RETURNING failures
INSERT INTO auth_known_clients (account_key, client_key, expires_at) VALUES (?, ?, ?) ON CONFLICT (account_key, client_key) DO UPDATE SET expires_at = excluded.expires_at
INSERT INTO auth_logins (login, account_id) VALUES (?, ?) ON CONFLICT DO NOTHING
INSERT INTO auth_migrations (version, name, oldest, applied_at) VALUES (?, ?, ?, ?)
INSERT INTO auth_one_time_tokens (token_hash, purpose, account_id, email, expires_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (account_id, purpose) DO UPDATE SET token_hash = excluded.token_hash, email = excluded.email, expires_at = excluded.expires_at
INSERT INTO auth_retired_names (name_hash, user_id) VALUES (?, ?) ON CONFLICT DO NOTHING
INSERT INTO auth_revocations (target_kind, target, before_generation, remember_until) SELECT ?, id, generation, ? FROM auth_sessions WHERE user_id = ? AND ended_at IS NULL RETURNING target, before_generation
INSERT INTO auth_revocations (target_kind, target, remember_until) VALUES (?, ?, ?)
INSERT INTO auth_session_tokens (token_hash, session_id, expires_at) VALUES (?, ?, ?)
INSERT INTO auth_sessions (id, user_id, client_id, scope, kind, cookie_hash, user_agent, address, device, created_at, last_used_at, auth_time, amr, idle_expires_at, absolute_expires_at, generation, ended_at, ended_why) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
SELECT EXISTS (SELECT 1 FROM auth_accounts WHERE superuser = 1 AND active = 1 AND id <> ?)
SELECT EXISTS (SELECT 1 FROM auth_known_clients WHERE account_key = ? AND client_key = ? AND expires_at > ?)
SELECT EXISTS (SELECT 1 FROM auth_retired_names WHERE name_hash = ? AND user_id IS NOT ?)
SELECT account_id, email, expires_at FROM auth_one_time_tokens WHERE token_hash = ? AND purpose = ? AND expires_at > ?
SELECT account_key, max(expires_at) AS until FROM auth_attempts WHERE account_key IN (SELECT unhex(value) FROM json_each(?)) AND failures >= ? AND expires_at > ? GROUP BY account_key
SELECT coalesce(max(version), 0) FROM auth_migrations
SELECT count(*) FROM auth_api_keys WHERE id = ? AND user_id = ?
SELECT count(*) FROM auth_api_keys WHERE user_id = ?
SELECT expires_at FROM auth_attempts WHERE account_key = ?1 AND client_key = coalesce((SELECT client_key FROM auth_known_clients WHERE account_key = ?1 AND client_key = ?2 AND expires_at > ?3), x'')
SELECT id, user_id, client_id, scope, kind, user_agent, address, device, created_at, last_used_at, auth_time, amr, idle_expires_at, absolute_expires_at, generation, ended_at, ended_why FROM auth_sessions WHERE cookie_hash = ?
SELECT id, user_id, client_id, scope, kind, user_agent, address, device, created_at, last_used_at, auth_time, amr, idle_expires_at, absolute_expires_at, generation, ended_at, ended_why FROM auth_sessions WHERE id = ?
SELECT id, user_id, client_id, scope, kind, user_agent, address, device, created_at, last_used_at, auth_time, amr, idle_expires_at, absolute_expires_at, generation, ended_at, ended_why FROM auth_sessions WHERE user_id = ?1 AND ended_at IS NULL AND idle_expires_at > ?2 AND absolute_expires_at > ?2 ORDER BY last_used_at DESC, id DESC
SELECT id, user_id, client_id, scope, kind, user_agent, address, device, created_at, last_used_at, auth_time, amr, idle_expires_at, absolute_expires_at, generation, ended_at, ended_why, claimed_at FROM auth_session_tokens JOIN auth_sessions ON auth_sessions.id = auth_session_tokens.session_id WHERE auth_session_tokens.token_hash = ?
SELECT id, user_id, client_id, scope, kind, user_agent, address, device, created_at, last_used_at, auth_time, amr, idle_expires_at, absolute_expires_at, generation, ended_at, ended_why, expires_at, claimed_at, claimed_by, sealed FROM auth_session_tokens JOIN auth_sessions ON auth_sessions.id = auth_session_tokens.session_id WHERE token_hash = ?
SELECT id, user_id, name, key_hash, display, scopes, limit_count, limit_seconds, created_at, expires_at, last_used_at, revoked_at, replaced_by FROM auth_api_keys WHERE key_hash = ?
SELECT id, user_id, name, key_hash, display, scopes, limit_count, limit_seconds, created_at, expires_at, last_used_at, revoked_at, replaced_by FROM auth_api_keys WHERE user_id = ? ORDER BY id
SELECT id, username, email, email_verified_at, password_hash, roles, scopes, active, superuser, pending_until, created_at, updated_at FROM auth_accounts WHERE (?1 IS NULL OR id > ?1) AND (?2 IS NULL OR EXISTS (SELECT 1 FROM auth_logins WHERE account_id = auth_accounts.id AND instr(login, ?2) > 0)) AND (?3 IS NULL OR active = ?3) AND (?4 IS NULL OR superuser = ?4) AND (?5 IS NULL OR (active = 0 AND pending_until IS NOT NULL) = ?5) AND (?6 IS NULL OR EXISTS (SELECT 1 FROM json_each(roles) AS role WHERE roles -> role.key = ?6)) ORDER BY id LIMIT ?7
SELECT id, username, email, email_verified_at, password_hash, roles, scopes, active, superuser, pending_until, created_at, updated_at FROM auth_accounts WHERE id = ?
SELECT id, username, email, email_verified_at, password_hash, roles, scopes, active, superuser, pending_until, created_at, updated_at FROM auth_logins JOIN auth_accounts ON auth_accounts.id = auth_logins.account_id WHERE auth_logins.login = ?
SELECT max(oldest) FROM auth_migrations
SELECT position, mark, target_kind, target, before_generation, remember_until FROM auth_revocations WHERE position > ? ORDER BY position
UPDATE auth_accounts SET active = FALSE, updated_at = ? WHERE id = ?
UPDATE auth_accounts SET active = TRUE, pending_until = NULL, updated_at = ? WHERE id = ?
UPDATE auth_accounts SET email_verified_at = ?, updated_at = ? WHERE id = ? AND email = ?
UPDATE auth_accounts SET password_hash = ?, updated_at = ? WHERE id = ? AND password_hash = ?
UPDATE auth_accounts SET roles = ?, updated_at = ? WHERE id = ?
UPDATE auth_accounts SET scopes = ?, updated_at = ? WHERE id = ?
UPDATE auth_accounts SET superuser = FALSE, updated_at = ? WHERE id = ?
UPDATE auth_accounts SET superuser = TRUE, updated_at = ? WHERE id = ?
UPDATE auth_accounts SET username = ?, email = ?, email_verified_at = ?, password_hash = ?, active = ?, pending_until = ?, updated_at = ? WHERE id = ?
UPDATE auth_accounts SET username = ?, email = ?, email_verified_at = ?, password_hash = ?, roles = ?, scopes = ?, active = ?, superuser = ?, pending_until = ?, updated_at = ? WHERE id = ?
UPDATE auth_api_keys SET expires_at = min(ifnull(expires_at, ?1), ?1), replaced_by = ?2 WHERE id = ?3 AND user_id = ?4 AND replaced_by IS NULL AND revoked_at IS NULL AND ifnull(expires_at > ?5, TRUE)
UPDATE auth_api_keys SET last_used_at = ?1 WHERE id = ?2 AND ifnull(last_used_at < ?1, TRUE)
UPDATE auth_api_keys SET revoked_at = ? WHERE user_id = ? AND revoked_at IS NULL
UPDATE auth_api_keys SET revoked_at = ifnull(revoked_at, ?) WHERE id = ? AND user_id = ?
UPDATE auth_attempts SET failures = failures - 1 WHERE account_key = ?1 AND expires_at > ?3 AND failures > 0 AND client_key = coalesce((SELECT client_key FROM auth_known_clients WHERE account_key = ?1 AND client_key = ?2 AND expires_at > ?3), x'')
UPDATE auth_retired_names SET user_id = NULL WHERE user_id = ?
UPDATE auth_session_tokens SET claimed_at = ?, claimed_by = ?, sealed = ?, sealed_until = ? WHERE token_hash = ? AND claimed_at IS NULL
UPDATE auth_session_tokens SET sealed = NULL, sealed_until = NULL WHERE token_hash IN (SELECT token_hash FROM auth_session_tokens WHERE sealed_until <= ? ORDER BY sealed_until LIMIT ?)
UPDATE auth_sessions SET auth_time = max(auth_time, ?) WHERE id = ? AND ended_at IS NULL
UPDATE auth_sessions SET auth_time = max(auth_time, ?1), cookie_hash = ?4 WHERE id = ?2 AND ended_at IS NULL AND cookie_hash = ?3
UPDATE auth_sessions SET ended_at = ?, ended_why = ? WHERE id = ? AND user_id = ? AND ended_at IS NULL
UPDATE auth_sessions SET ended_at = ?, ended_why = ? WHERE user_id = ? AND ended_at IS NULL AND id IS NOT ? RETURNING id
UPDATE auth_sessions SET generation = generation + 1 WHERE user_id = ? AND ended_at IS NULL
UPDATE auth_sessions SET last_used_at = ?, idle_expires_at = ?, user_agent = ?, address = ? WHERE id = ?
UPDATE auth_sessions SET last_used_at = max(last_used_at, ?1), idle_expires_at = max(idle_expires_at, ?2), user_agent = ?3, address = ?4 WHERE id = ?5 AND ended_at IS NULL AND idle_expires_at > ?1 AND absolute_expires_at > ?1
