use auth_runtime::{
    error::StoreError,
    store::{BoxFuture, User, UserStore},
};
use serde::Serialize;

use crate::user_table::{UserTable, failed, row_id};

/// A user as this application's handlers know one.
#[derive(Serialize, sqlx::FromRow)]
pub(crate) struct Member {
    pub(crate) id: i64,
    pub(crate) display_name: String,
    pub(crate) joined: String,
    #[serde(skip)]
    is_disabled: bool,
    /// The id as text, as tokens carry it.
    #[serde(skip)]
    subject: String,
}

impl User for Member {
    fn id(&self) -> &str {
        &self.subject
    }

    fn is_active(&self) -> bool {
        !self.is_disabled
    }
}

impl UserTable {
    pub(crate) async fn member(&self, id: i64) -> Result<Option<Member>, sqlx::Error> {
        const FIND: &str =
            "SELECT id, display_name, joined, is_disabled, CAST(id AS TEXT) AS subject FROM users WHERE id = ?";
        sqlx::query_as(FIND).bind(id).fetch_optional(&self.pool).await
    }
}

/// Loads the member behind `CurrentUser<Member>`, on every request.
impl UserStore for UserTable {
    type User = Member;

    fn find<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Member>, StoreError>> {
        Box::pin(async move {
            let Some(id) = row_id(id) else { return Ok(None) };
            self.member(id).await.map_err(failed)
        })
    }
}
