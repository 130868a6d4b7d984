use auth_runtime::store::login_key;
use sqlx::{Row, SqliteConnection, SqlitePool};

use super::UserTable;

/// How many rows get their keys in one transaction. Old code that wants to write waits for one transaction at most.
const BATCH: i64 = 200;

impl UserTable {
    /// Computes the keys of addresses that old code has inserted or changed.
    ///
    /// Reads without a lock, and writes on `writer` if there is something to write. Each row is tried once.
    pub(super) async fn fill_keys(&self, writer: &SqlitePool) -> Result<(), sqlx::Error> {
        const IS_INCOMPLETE: &str =
            "SELECT EXISTS (SELECT 1 FROM users WHERE email_key IS NULL AND key_problem IS NULL)";
        while sqlx::query_scalar(IS_INCOMPLETE).fetch_one(&self.pool).await? {
            let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
            fill_batch(&mut transaction).await?;
            transaction.commit().await?;
        }
        Ok(())
    }
}

/// Gives each of the next rows its key, or notes why it cannot have one. Needs a transaction that has the write lock.
///
/// Two addresses of the former table may have the same key, such as `Ann@example.org` and `ann@example.org`. The user
/// with the key keeps it; of two users without one, the first gets it. The other user cannot sign in until one of the
/// addresses is changed. If it is not the user's own, the program must be started again.
pub(super) async fn fill_batch(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    const NEXT: &str =
        "SELECT id, email FROM users WHERE email_key IS NULL AND key_problem IS NULL ORDER BY id LIMIT ?";
    let rows = sqlx::query(NEXT).bind(BATCH).fetch_all(&mut *connection).await?;
    for row in rows {
        let id = row.try_get("id")?;
        let problem = match row.try_get::<&str, _>("email") {
            Ok(email) if fill(connection, id, &login_key(email)).await? => continue,
            Ok(_) => "taken",
            Err(_) => "unreadable",
        };
        tracing::warn!(user.id = id, problem, "the address gets no key, so this user cannot sign in");
        let note = sqlx::query("UPDATE users SET key_problem = ? WHERE id = ?").bind(problem).bind(id);
        note.execute(&mut *connection).await?;
    }
    Ok(())
}

/// Returns whether the key was free.
async fn fill(connection: &mut SqliteConnection, id: i64, key: &str) -> Result<bool, sqlx::Error> {
    const FILL: &str = "UPDATE OR IGNORE users SET email_key = ?1
        WHERE id = ?2 AND NOT EXISTS (SELECT 1 FROM users WHERE username_key = ?1 AND id <> ?2)";
    let filled = sqlx::query(FILL).bind(key).bind(id).execute(connection).await?;
    Ok(filled.rows_affected() == 1)
}
