use axum::http::StatusCode;
use serde::Deserialize;

use crate::{
    account::{answer::error_response::ErrorResponse, policies},
    extract::{Json, Path},
    guard::Guard,
};

use super::{administrator::Administrator, change::Change};

/// Whether the account becomes active.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Active {
    active: bool,
}

/// Whether the account becomes a superuser.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Superuser {
    superuser: bool,
}

/// `PUT /accounts/{id}/active`: activates or deactivates an account. Administrators cannot deactivate their own.
pub(super) async fn set_active(
    _: Guard<policies::SetAccountActive>,
    administrator: Administrator,
    Path(id): Path<String>,
    Json(Active { active }): Json<Active>,
) -> Result<StatusCode, ErrorResponse> {
    let operation = if active { "activate" } else { "deactivate" };
    let (change, target) = Change::begin(&administrator, operation, &id).await?;
    if !active {
        change.demand(administrator.must_be_another(&target))?;
    }
    change.carry_out(move |administration, id| async move { administration.set_active(&id, active).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `PUT /accounts/{id}/superuser`: makes or unmakes a superuser. Only superusers may.
pub(super) async fn set_superuser(
    _: Guard<policies::SetAccountSuperuser>,
    administrator: Administrator,
    Path(id): Path<String>,
    Json(Superuser { superuser }): Json<Superuser>,
) -> Result<StatusCode, ErrorResponse> {
    let operation = if superuser { "make_superuser" } else { "unmake_superuser" };
    let (change, _) = Change::begin(&administrator, operation, &id).await?;
    change.demand(administrator.may_make_superusers())?;
    change
        .carry_out(move |administration, id| async move { administration.set_superuser(&id, superuser).await })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /accounts/{id}`: deletes an account with everything that belongs to it. Administrators delete their own by
/// `DELETE /auth/me`, where the application has switched that part on.
pub(super) async fn delete(
    _: Guard<policies::DeleteAccount>,
    administrator: Administrator,
    Path(id): Path<String>,
) -> Result<StatusCode, ErrorResponse> {
    let (change, target) = Change::begin(&administrator, "delete", &id).await?;
    change.demand(administrator.must_be_another(&target))?;
    change.carry_out(move |administration, id| async move { administration.delete(&id).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}
