use auth_tests::{
    http::{Answer, Call},
    program::Running,
    read, root,
};
use serde_json::json;
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use tempfile::TempDir;

/// A user of `seed.sql`, with the password of the former application.
pub(super) const ADA: (&str, &str) = ("ada@example.org", "tulips in april");
pub(super) const BEN: (&str, &str) = ("ben.ortiz@EXAMPLE.org", "seven grey herons");
pub(super) const CHI: (&str, &str) = ("chi@example.org", "a kettle on the moon");
/// A user who is disabled in `seed.sql`.
pub(super) const DOV: (&str, &str) = ("dov@example.org", "marmalade at dawn");

/// The running program, and its application's database as other code sees it.
pub(super) struct World {
    server: Running,
    pub(super) database: SqlitePool,
    _folder: TempDir,
}

impl World {
    /// Fills a database by plain SQL, and starts the program on it.
    pub(super) async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("former.db");
        let options = SqliteConnectOptions::new().filename(&file).create_if_missing(true);
        let database = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
        let seed = read(&root().join("examples/custom-users/seed.sql"));
        sqlx::raw_sql(sqlx::AssertSqlSafe(seed)).execute(&database).await.unwrap();
        let url = format!("sqlite://{}", file.display());
        let server = Running::start("custom-users", &[("DATABASE_URL", &url)]);
        Self { server, database, _folder: folder }
    }

    pub(super) fn crash_and_restart(self) -> Self {
        Self { server: self.server.crash_and_restart(), ..self }
    }

    pub(super) fn get(&self, path: &str, token: &str) -> Call {
        self.server.get(path).bearer(token)
    }

    pub(super) fn post(&self, path: &str) -> Call {
        self.server.post(path)
    }

    pub(super) async fn login(&self, (login, password): (&str, &str)) -> Answer {
        self.post("/auth/login").json(&json!({ "username": login, "password": password })).send().await
    }

    /// Signs in, and returns the access token and the refresh token.
    pub(super) async fn sign_in(&self, user: (&str, &str)) -> (String, String) {
        let signed_in = self.login(user).await;
        assert_eq!(signed_in.status, 200, "{signed_in:?}");
        let tokens = signed_in.json();
        let text = |member: &str| tokens[member].as_str().unwrap().to_owned();
        (text("access_token"), text("refresh_token"))
    }

    /// Runs a statement as other code would.
    pub(super) async fn execute(&self, sql: &'static str) {
        sqlx::query(sql).execute(&self.database).await.unwrap();
    }

    /// Returns the text that a query on the application's database finds.
    pub(super) async fn text(&self, sql: &'static str) -> String {
        sqlx::query_scalar(sql).fetch_one(&self.database).await.unwrap()
    }

    /// Opens the program's own database, which is beside the application's.
    pub(super) async fn own_database(&self) -> SqlitePool {
        let file = self.server.folder().join("auth.db");
        SqlitePool::connect_with(SqliteConnectOptions::new().filename(file)).await.unwrap()
    }
}
