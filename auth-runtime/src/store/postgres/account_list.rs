use super::{PostgresStore, accounts::account, error::failed, text::is_in_no_row};
use crate::{
    error::StoreError,
    store::{Account, AccountQuery, login_key},
};

impl PostgresStore {
    pub(super) async fn list_accounts(&self, query: &AccountQuery) -> Result<Vec<Account>, StoreError> {
        const LIST: &str = "SELECT id, username, email, email_verified_at, password_hash, roles, scopes, active,
            superuser, pending_until, created_at, updated_at
            FROM auth_accounts WHERE ($1::text IS NULL OR id > $1)
            AND ($2::text IS NULL OR EXISTS
                (SELECT 1 FROM auth_logins WHERE account_id = auth_accounts.id AND strpos(login, $2) > 0))
            AND ($3::boolean IS NULL OR active = $3) AND ($4::boolean IS NULL OR superuser = $4)
            AND ($5::boolean IS NULL OR (NOT active AND pending_until IS NOT NULL) = $5)
            AND ($6::text IS NULL OR $6 = ANY(roles))
            ORDER BY id LIMIT $7";
        let names = [&query.search, &query.role];
        if names.into_iter().flatten().any(|name| is_in_no_row(name)) {
            return Ok(Vec::new());
        }
        // No identifier has a NUL, so those after a text with one are those after its part before the NUL.
        let after = query.after.as_deref().map(|after| after.split('\0').next().unwrap_or_default());
        let list = sqlx::query(LIST)
            .bind(after)
            .bind(query.search.as_deref().map(login_key))
            .bind(query.active)
            .bind(query.superuser)
            .bind(query.pending)
            .bind(query.role.as_deref())
            .bind(i64::from(query.limit.min(AccountQuery::MOST)));
        let rows = list.fetch_all(&self.pool).await.map_err(failed)?;
        rows.iter().map(account).collect::<Result<_, _>>().map_err(failed)
    }
}
