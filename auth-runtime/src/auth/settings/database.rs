use core::time::Duration;

#[cfg(any(feature = "sqlite", feature = "postgres"))]
use secrecy::ExposeSecret as _;
use secrecy::SecretString;

use super::Settings;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
use crate::{
    error::StoreError,
    store::{Database, DatabaseBuilder},
};

impl Settings {
    /// Returns the database's address, which may contain a password.
    pub fn database_url(&self) -> Option<&SecretString> {
        self.database_url.as_ref()
    }

    /// Returns the database's address, or `default` when `DATABASE_URL` is not set.
    pub fn database_url_or(&self, default: &str) -> SecretString {
        self.database_url.clone().unwrap_or_else(|| default.into())
    }

    /// Returns the address of the PostgreSQL server itself, where `DATABASE_URL` names a pooler. It may contain a
    /// password.
    pub fn database_direct_url(&self) -> Option<&SecretString> {
        self.database_direct_url.as_ref()
    }

    /// Returns how many connections to the database may be open at once. `None` is the default of the database's store.
    pub fn database_max_connections(&self) -> Option<u32> {
        self.database_connections.map(u32::from)
    }

    /// Returns how long to wait for a connection, a lock or a statement of the database. `None` is the default of the
    /// database's store.
    pub fn database_timeout(&self) -> Option<Duration> {
        self.database_timeout_seconds.map(|seconds| Duration::from_secs(u32::from(seconds).into()))
    }

    /// Opens the database that `DATABASE_URL` names, with the other settings of databases. Without the variable, opens
    /// the one at `default`. Brings the framework's tables up to date.
    ///
    /// ```no_run
    /// # async fn start() -> Result<(), Box<dyn std::error::Error>> {
    /// let settings = auth_runtime::auth::Settings::from_env()?;
    /// let database = settings.open_database("sqlite://notes.db").await?;
    /// let accounts = database.accounts();
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// Returns the errors of [`DatabaseBuilder::open`].
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub async fn open_database(&self, default: &str) -> Result<Database, StoreError> {
        let builder = Database::builder(self.database_url_or(default).expose_secret());
        let direct = self.database_direct_url.iter().map(|url| url.expose_secret());
        let builder = direct.fold(builder, DatabaseBuilder::direct_url);
        let connections = self.database_connections.into_iter().map(u32::from);
        let builder = connections.fold(builder, DatabaseBuilder::max_connections);
        let seconds = self.database_timeout_seconds.into_iter().map(u32::from);
        let builder =
            seconds.map(|seconds| Duration::from_secs(seconds.into())).fold(builder, DatabaseBuilder::timeout);
        builder.open().await
    }
}
