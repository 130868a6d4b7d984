use axum::{http::StatusCode, response::Response};

use crate::{
    account::{
        answer::{error_response::ErrorResponse, report::OrReport as _},
        context::AccountContext,
        event::TARGET,
        policies,
        request::caller::{LocalCaller, account_of},
    },
    error::Problem,
    extract::{Json, Path},
    guard::Guard,
    identity::Identity,
    store::{Account, ApiKeyError, ApiKeyRecord},
};

use super::{
    answer::created,
    create::{Draft, SECONDS_PER_DAY},
    problems::{check, unknown},
    request::{Rotation, may_grant},
    still_signed_in::revoke_unless_signed_in,
};

/// Handles `POST /auth/api-keys/{id}/rotate`. Returns 201 with a new key that has the old one's name, scopes and limit,
/// and a full lifetime from now.
///
/// The old key works for another `overlap_hours`, unless it ends before. Returns 409 when the old key has ended or was
/// already rotated.
pub(crate) async fn rotate_api_key(
    _: Guard<policies::RotateApiKey>,
    LocalCaller(caller): LocalCaller,
    context: AccountContext,
    Path(id): Path<String>,
    Json(rotation): Json<Rotation>,
) -> Result<Response, ErrorResponse> {
    let owner = account_of(&context, &caller).await?;
    check(rotation.faults())?;
    let now = context.auth.clock().unix();
    let old = find(&context, &owner, &id).await?;
    if old.has_ended(now) || old.replaced_by.is_some() {
        return Err(ApiKeyError::Ended.into());
    }
    let scopes = scopes(&old, &owner, &caller)?;
    let rules = context.auth.api_keys();
    let draft =
        Draft { scopes, seconds: life(&old, rules.most_days), user_id: owner.id, name: old.name, limit: old.limit };
    let (key, record) = draft.mint(&context, now)?;
    let until = now.plus_seconds(i64::from(rotation.overlap_hours).saturating_mul(60 * 60));
    context.accounts.api_keys().rotate_key(&old.id, record.clone(), until, rules.most_per_user).await?;
    // The old key ends as requested, even if the new one is revoked here.
    revoke_unless_signed_in(&context, &caller, &record).await?;
    tracing::event!(
        target: TARGET, tracing::Level::INFO, user.id = record.user_id, api_key.id = old.id,
        api_key.replaced_by = record.id, outcome = "api_key_rotated",
    );
    Ok(created(&key, record, now))
}

/// Finds the key in the owner's list. Users have few keys and rotate them rarely, so the store needs no look-up of a
/// single key.
async fn find(context: &AccountContext, owner: &Account, id: &str) -> Result<ApiKeyRecord, ErrorResponse> {
    let keys = context.accounts.api_keys().list_keys(&owner.id).await.or_report()?;
    keys.into_iter().find(|key| key.id == id).ok_or_else(unknown)
}

/// Returns the old key's scopes that the owner still has. The caller's credential must have all of them.
fn scopes(old: &ApiKeyRecord, owner: &Account, caller: &Identity) -> Result<Vec<String>, Problem> {
    let held: Vec<String> = old.scopes.iter().filter(|scope| owner.scopes.contains(scope)).cloned().collect();
    if held.iter().all(|scope| may_grant(scope, owner, caller)) {
        return Ok(held);
    }
    let title = "The credential lacks a scope that the key has.";
    Err(Problem::new(StatusCode::FORBIDDEN, "insufficient-scope", title))
}

/// Returns the new key's life in seconds: that of the old key, or the longest allowed if the old key had no end. Only
/// keys that these endpoints did not create have no end.
fn life(old: &ApiKeyRecord, most_days: u32) -> i64 {
    let most = i64::from(most_days).saturating_mul(SECONDS_PER_DAY);
    old.expires_at.map_or(most, |end| end.seconds_since(old.created_at).clamp(1, most))
}
