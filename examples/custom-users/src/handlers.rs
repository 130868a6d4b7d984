use std::sync::Arc;

use auth_runtime::{
    account::{Administration, AdministrationError},
    prelude::*,
};
use axum::{extract::State, http::StatusCode};

use crate::{App, error::AppError, member::Member};

pub(crate) fn routes() -> GuardedRouter<Arc<App>> {
    GuardedRouter::new()
        .route("/me", get(me))
        .route("/members/{id}", get(read_member))
        .route("/members/{id}/disable", post(disable_member))
        .merge(account::routes())
}

#[protected]
async fn me(CurrentUser(member): CurrentUser<Member>) -> Json<Member> {
    Json(member)
}

/// Takes `CurrentUser` although it reads another member: a disabled caller is refused at once, not when the token
/// expires.
#[protected]
#[rate_limit(60/min)]
async fn read_member(
    _: CurrentUser<Member>,
    State(app): State<Arc<App>>,
    Path(id): Path<i64>,
) -> Result<Json<Member>, AppError> {
    app.table.member(id).await?.map(Json).ok_or(AppError::NoSuchMember)
}

#[require_role("admin")]
async fn disable_member(
    _: CurrentUser<Member>,
    administration: Administration,
    Path(id): Path<i64>,
) -> Result<StatusCode, AppError> {
    match administration.set_active(&id.to_string(), false).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(AdministrationError::Unknown) => Err(AppError::NoSuchMember),
        Err(error) => Err(AppError::Database(error.into())),
    }
}
