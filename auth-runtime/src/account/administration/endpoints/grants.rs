use axum::http::StatusCode;
use serde::Deserialize;

use crate::{
    account::{answer::error_response::ErrorResponse, policies},
    extract::{Json, Path},
    guard::Guard,
};

use super::{administrator::Administrator, change::Change};

/// The roles that replace the account's present ones.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Roles {
    roles: Vec<String>,
}

/// The scopes that replace the account's present ones.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scopes {
    scopes: Vec<String>,
}

/// `PUT /accounts/{id}/roles`: replaces the roles of an account.
pub(super) async fn set_roles(
    _: Guard<policies::SetAccountRoles>,
    administrator: Administrator,
    Path(id): Path<String>,
    Json(Roles { roles }): Json<Roles>,
) -> Result<StatusCode, ErrorResponse> {
    let (change, target) = Change::begin(&administrator, "set_roles", &id).await?;
    let change = change.of_member("/roles");
    change.demand(administrator.may_grant_roles(&roles))?;
    change.demand(administrator.may_leave(&target, &target.roles, &roles))?;
    administrator.may_exist(&roles, &target.roles).map_err(|error| change.failed(error))?;
    change.carry_out(move |administration, id| async move { administration.set_roles(&id, roles).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `PUT /accounts/{id}/scopes`: replaces the scopes of an account.
pub(super) async fn set_scopes(
    _: Guard<policies::SetAccountScopes>,
    administrator: Administrator,
    Path(id): Path<String>,
    Json(Scopes { scopes }): Json<Scopes>,
) -> Result<StatusCode, ErrorResponse> {
    let (change, target) = Change::begin(&administrator, "set_scopes", &id).await?;
    let change = change.of_member("/scopes");
    change.demand(administrator.may_grant_scopes(&scopes))?;
    change.demand(administrator.may_leave(&target, &target.scopes, &scopes))?;
    change.carry_out(move |administration, id| async move { administration.set_scopes(&id, scopes).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}
