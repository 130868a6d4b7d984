use super::AuthBuilder;
use crate::store::Database;

impl AuthBuilder {
    /// Sets the database of the accounts, as [`accounts`](Self::accounts) does. On PostgreSQL, which several processes
    /// share, limits are counted there, too.
    ///
    /// [`limit_store`](Self::limit_store) and the setting `REDIS_URL` choose another place for limits.
    ///
    /// ```no_run
    /// use auth_runtime::{prelude::*, secrecy::ExposeSecret, store};
    ///
    /// # async fn start() -> Result<(), Box<dyn std::error::Error>> {
    /// let settings = Settings::from_env()?;
    /// let database = store::connect(settings.database_url_or("sqlite://notes.db").expose_secret()).await?;
    /// let auth = Auth::builder().settings(&settings).database(&database).build()?;
    /// # Ok(()) }
    /// ```
    pub fn database(mut self, database: &Database) -> Self {
        #[cfg(feature = "postgres")]
        if let Database::Postgres(store) = database {
            self.limits.by_database = Some(std::sync::Arc::new(store.limits()));
        }
        self.accounts = Some(database.accounts());
        self
    }
}
