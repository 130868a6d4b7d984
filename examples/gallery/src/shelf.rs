use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::Arc,
};

use auth_runtime::{error::Failure, prelude::*, store::SqliteStore, upload::UploadedFile};
use sqlx::SqlitePool;

/// The pictures with their comments. The files are in a folder, everything else in the database of the accounts.
#[derive(Clone)]
pub(crate) struct Shelf {
    pool: SqlitePool,
    folder: Arc<Path>,
}

/// What members say of themselves. An account that a program opened has none of it.
pub(crate) struct Member {
    pub(crate) user: String,
    pub(crate) website: String,
    pub(crate) about: String,
}

#[derive(sqlx::FromRow)]
pub(crate) struct Picture {
    /// The generated name of the file.
    pub(crate) name: String,
    /// The name that the member's file had.
    pub(crate) shown_name: String,
    pub(crate) owner: String,
    pub(crate) owner_name: String,
    pub(crate) website: String,
    pub(crate) about: String,
}

#[derive(sqlx::FromRow)]
pub(crate) struct Comment {
    pub(crate) author_name: String,
    pub(crate) text: String,
}

impl Shelf {
    pub(crate) async fn open(store: &SqliteStore, folder: impl Into<PathBuf>) -> Result<Self, sqlx::Error> {
        let pool = store.pool().clone();
        sqlx::raw_sql(TABLES).execute(&pool).await?;
        Ok(Self { pool, folder: folder.into().into() })
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) async fn add_member(&self, member: &Member) -> Result<(), sqlx::Error> {
        let Member { user, website, about } = member;
        let add = sqlx::query("INSERT INTO members (user, website, about) VALUES ($1, $2, $3)");
        add.bind(user).bind(website).bind(about).execute(&self.pool).await.map(drop)
    }

    /// Moves the file into the folder, then names it in the database. A file without a name there is sent to no caller,
    /// so a failure between the two shows nothing.
    pub(crate) async fn add_picture(&self, owner: &Account, file: UploadedFile) -> Result<(), Failure> {
        let (name, shown_name) = (file.name(), file.client_name().to_string());
        file.persist(&self.folder).await?;
        let add = "INSERT INTO pictures (name, shown_name, owner, owner_name) VALUES ($1, $2, $3, $4)";
        let add = sqlx::query(add).bind(name).bind(shown_name).bind(&owner.id).bind(&owner.username);
        add.execute(&self.pool).await?;
        Ok(())
    }

    /// Returns the newest pictures. Generated names begin with their time.
    pub(crate) async fn newest(&self) -> Result<Vec<Picture>, sqlx::Error> {
        let newest = "SELECT name, shown_name, owner, owner_name,
            coalesce(website, '') AS website, coalesce(about, '') AS about
            FROM pictures LEFT JOIN members ON members.user = pictures.owner ORDER BY name DESC LIMIT 60";
        sqlx::query_as(newest).fetch_all(&self.pool).await
    }

    pub(crate) async fn picture(&self, name: &str) -> Result<Option<Picture>, sqlx::Error> {
        let picture = "SELECT name, shown_name, owner, owner_name,
            coalesce(website, '') AS website, coalesce(about, '') AS about
            FROM pictures LEFT JOIN members ON members.user = pictures.owner WHERE name = $1";
        sqlx::query_as(picture).bind(name).fetch_optional(&self.pool).await
    }

    /// Deletes a picture with its comments and its file.
    pub(crate) async fn delete_picture(&self, name: &str) -> Result<(), Failure> {
        let delete = sqlx::query_scalar("DELETE FROM pictures WHERE name = $1 RETURNING name");
        let deleted: Option<String> = delete.bind(name).fetch_optional(&self.pool).await?;
        let Some(name) = deleted else { return Ok(()) };
        match tokio::fs::remove_file(self.folder.join(name)).await {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    pub(crate) async fn comments(&self, picture: &str) -> Result<Vec<Comment>, sqlx::Error> {
        let comments = "SELECT author_name, text FROM comments WHERE picture = $1 ORDER BY id LIMIT 500";
        sqlx::query_as(comments).bind(picture).fetch_all(&self.pool).await
    }

    pub(crate) async fn add_comment(&self, picture: &str, author_name: &str, text: &str) -> Result<(), sqlx::Error> {
        let add = sqlx::query("INSERT INTO comments (picture, author_name, text) VALUES ($1, $2, $3)");
        add.bind(picture).bind(author_name).bind(text).execute(&self.pool).await.map(drop)
    }
}

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS members (user TEXT PRIMARY KEY, website TEXT NOT NULL, about TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS pictures
        (name TEXT PRIMARY KEY, shown_name TEXT NOT NULL, owner TEXT NOT NULL, owner_name TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS comments (
        id INTEGER PRIMARY KEY, picture TEXT NOT NULL REFERENCES pictures (name) ON DELETE CASCADE,
        author_name TEXT NOT NULL, text TEXT NOT NULL) STRICT;";
