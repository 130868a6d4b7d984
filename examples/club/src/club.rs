use std::collections::HashMap;

use auth_runtime::store::SqliteStore;
use sqlx::SqlitePool;

/// The club's own tables, in the database of the accounts.
#[derive(Clone)]
pub(crate) struct Club(SqlitePool);

/// What the club knows of a member beyond the account.
#[derive(Clone, sqlx::FromRow)]
pub(crate) struct Member {
    /// The identifier of the account.
    pub(crate) user: String,
    pub(crate) display_name: String,
    pub(crate) member_since: u16,
    pub(crate) paid: bool,
}

#[derive(sqlx::FromRow)]
pub(crate) struct Event {
    pub(crate) day: String,
    pub(crate) title: String,
}

impl Club {
    pub(crate) async fn open(store: &SqliteStore) -> Result<Self, sqlx::Error> {
        let pool = store.pool().clone();
        sqlx::raw_sql(TABLES).execute(&pool).await?;
        Ok(Self(pool))
    }

    /// Stores the fields of a member. A second call replaces what the first one stored.
    pub(crate) async fn set_member(&self, user: &str, name: &str, since: u16) -> Result<(), sqlx::Error> {
        let set = "INSERT INTO members (user, display_name, member_since) VALUES ($1, $2, $3)
            ON CONFLICT (user) DO UPDATE
            SET display_name = excluded.display_name, member_since = excluded.member_since";
        sqlx::query(set).bind(user).bind(name).bind(since).execute(&self.0).await.map(drop)
    }

    pub(crate) async fn name(&self, user: &str) -> Result<Option<String>, sqlx::Error> {
        let name = sqlx::query_scalar("SELECT display_name FROM members WHERE user = $1");
        name.bind(user).fetch_optional(&self.0).await
    }

    /// Returns the members in the order of their names: the first 500.
    pub(crate) async fn members(&self) -> Result<Vec<Member>, sqlx::Error> {
        let members =
            "SELECT user, display_name, member_since, paid FROM members ORDER BY display_name, user LIMIT 500";
        sqlx::query_as(members).fetch_all(&self.0).await
    }

    /// Returns the members by the identifiers of their accounts.
    pub(crate) async fn by_user(&self) -> Result<HashMap<String, Member>, sqlx::Error> {
        Ok(self.members().await?.into_iter().map(|member| (member.user.clone(), member)).collect())
    }

    /// Notes that a member has paid.
    pub(crate) async fn pay(&self, user: &str) -> Result<(), sqlx::Error> {
        sqlx::query("UPDATE members SET paid = 1 WHERE user = $1").bind(user).execute(&self.0).await.map(drop)
    }

    /// Returns the events in the order of their days: the first 500.
    pub(crate) async fn events(&self) -> Result<Vec<Event>, sqlx::Error> {
        sqlx::query_as("SELECT day, title FROM events ORDER BY day, id LIMIT 500").fetch_all(&self.0).await
    }

    pub(crate) async fn add_event(&self, day: &str, title: &str) -> Result<(), sqlx::Error> {
        let add = sqlx::query("INSERT INTO events (day, title) VALUES ($1, $2)");
        add.bind(day).bind(title).execute(&self.0).await.map(drop)
    }
}

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS members (
        user TEXT PRIMARY KEY, display_name TEXT NOT NULL, member_since INTEGER NOT NULL,
        paid INTEGER NOT NULL DEFAULT 0) STRICT;
    CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, day TEXT NOT NULL, title TEXT NOT NULL) STRICT;";
