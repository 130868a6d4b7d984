use axum::http::StatusCode;
use serde::Deserialize;

use crate::{
    account::{answer::error_response::ErrorResponse, policies},
    extract::{Json, Path},
    guard::Guard,
};

use super::{administrator::Administrator, change::Change};

/// The account's new user name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Username {
    username: String,
}

/// The account's new e-mail address.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Email {
    email: String,
}

/// `PUT /accounts/{id}/username`: gives an account another user name.
pub(super) async fn rename(
    _: Guard<policies::RenameAccount>,
    administrator: Administrator,
    Path(id): Path<String>,
    Json(Username { username }): Json<Username>,
) -> Result<StatusCode, ErrorResponse> {
    let (change, _) = Change::begin(&administrator, "rename", &id).await?;
    change.carry_out(move |administration, id| async move { administration.rename(&id, &username).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `PUT /accounts/{id}/email`: gives an account another e-mail address, which its owner has to verify. Administrators
/// change their own by `POST /auth/email`, with the password.
pub(super) async fn change_email(
    _: Guard<policies::ChangeAccountEmail>,
    administrator: Administrator,
    Path(id): Path<String>,
    Json(Email { email }): Json<Email>,
) -> Result<StatusCode, ErrorResponse> {
    let (change, target) = Change::begin(&administrator, "change_email", &id).await?;
    change.demand(administrator.must_not_replace_own(&target))?;
    change.carry_out(move |administration, id| async move { administration.change_email(&id, &email).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /accounts/{id}/require-reset`: forces the owner of an account to reset the password.
/// Administrators change their own by `POST /auth/password`.
pub(super) async fn require_reset(
    _: Guard<policies::RequireReset>,
    administrator: Administrator,
    Path(id): Path<String>,
) -> Result<StatusCode, ErrorResponse> {
    let (change, target) = Change::begin(&administrator, "require_reset", &id).await?;
    change.demand(administrator.must_not_replace_own(&target))?;
    change.carry_out(move |administration, id| async move { administration.require_reset(&id).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /accounts/{id}/unlock`: ends the lock of an account after too many wrong passwords. Their
/// own lock stays for administrators: the thief of a session could guess the password without an end.
pub(super) async fn unlock(
    _: Guard<policies::UnlockAccount>,
    administrator: Administrator,
    Path(id): Path<String>,
) -> Result<StatusCode, ErrorResponse> {
    let (change, target) = Change::begin(&administrator, "unlock", &id).await?;
    change.demand(administrator.must_not_replace_own(&target))?;
    change.carry_out(move |administration, id| async move { administration.unlock(&id).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}
