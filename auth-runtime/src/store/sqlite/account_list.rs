use super::{SqliteStore, accounts::account, error::failed};
use crate::{
    error::StoreError,
    store::{Account, AccountQuery, login_key},
};

impl SqliteStore {
    /// A role is compared in its JSON form: SQLite's own text of a JSON string ends at a NUL.
    pub(super) async fn list_accounts(&self, query: &AccountQuery) -> Result<Vec<Account>, StoreError> {
        const LIST: &str = "SELECT id, username, email, email_verified_at, password_hash, roles, scopes, active,
            superuser, pending_until, created_at, updated_at
            FROM auth_accounts WHERE (?1 IS NULL OR id > ?1)
            AND (?2 IS NULL OR EXISTS
                (SELECT 1 FROM auth_logins WHERE account_id = auth_accounts.id AND instr(login, ?2) > 0))
            AND (?3 IS NULL OR active = ?3) AND (?4 IS NULL OR superuser = ?4)
            AND (?5 IS NULL OR (active = 0 AND pending_until IS NOT NULL) = ?5)
            AND (?6 IS NULL OR EXISTS (SELECT 1 FROM json_each(roles) AS role WHERE roles -> role.key = ?6))
            ORDER BY id LIMIT ?7";
        let role = query.role.as_ref().map(serde_json::to_string).transpose();
        let role = role.map_err(|error| StoreError::new("sqlite", error))?;
        let list = sqlx::query(LIST)
            .bind(query.after.as_deref())
            .bind(query.search.as_deref().map(login_key))
            .bind(query.active)
            .bind(query.superuser)
            .bind(query.pending)
            .bind(role)
            .bind(query.limit.min(AccountQuery::MOST));
        let rows = list.fetch_all(&self.pool).await.map_err(failed)?;
        rows.iter().map(account).collect::<Result<_, _>>().map_err(failed)
    }
}
