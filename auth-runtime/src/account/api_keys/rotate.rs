use axum::{http::StatusCode, response::Response};

use crate::{
    error::Problem,
    extract::{Json, Path},
    guard::Guard,
    identity::Identity,
    store::{Account, ApiKeyError, ApiKeyRecord},
};

use super::{
    super::{
        caller::{Own, account_of},
        engine::Engine,
        failure::{Failure, TARGET},
        policies,
        refused::Refused,
    },
    answer::created,
    confirm::confirm,
    create::{Draft, SECONDS_PER_DAY},
    refused::{check, unknown},
    request::{Rotation, may_grant},
};

/// `POST /auth/api-keys/{id}/rotate`: 201 with a key that is like the old one and lives as long as that was meant to, from
/// now on. The old one works on for `overlap_hours`, unless it ends before. 409 when it has ended or was rotated already.
pub(in super::super) async fn rotate(
    _: Guard<policies::RotateApiKey>,
    Own(caller): Own,
    engine: Engine,
    Path(id): Path<String>,
    Json(rotation): Json<Rotation>,
) -> Result<Response, Refused> {
    let owner = account_of(&engine, &caller).await?;
    check(rotation.faults())?;
    let now = engine.auth.clock().unix();
    let old = find(&engine, &owner, &id).await?;
    if old.has_ended(now) || old.replaced_by.is_some() {
        return Err(ApiKeyError::Ended.into());
    }
    let scopes = scopes(&old, &owner, &caller)?;
    let rules = engine.auth.api_keys();
    let draft =
        Draft { scopes, seconds: life(&old, rules.most_days), user_id: owner.id, name: old.name, limit: old.limit };
    let (key, record) = draft.mint(&engine, now)?;
    let until = now.plus_seconds(i64::from(rotation.overlap_hours).saturating_mul(60 * 60));
    engine.accounts.api_keys().rotate_key(&old.id, record.clone(), until, rules.most_per_user).await?;
    // The old key ends as it was asked to, whether or not there is a new one.
    confirm(&engine, &caller, &record).await?;
    tracing::event!(
        target: TARGET, tracing::Level::INFO, user.id = record.user_id, api_key.id = old.id, api_key.replaced_by = record.id,
        outcome = "api_key_rotated",
    );
    Ok(created(&key, record, now))
}

/// Users have few keys, and rotating one is rare: there is no look-up of a single one.
async fn find(engine: &Engine, owner: &Account, id: &str) -> Result<ApiKeyRecord, Refused> {
    let keys = engine.accounts.api_keys().list_keys(&owner.id).await;
    let keys = keys.map_err(|error| Failure::store(&error))?;
    keys.into_iter().find(|key| key.id == id).ok_or_else(unknown)
}

/// What the owner still has of the key's scopes, all of which the caller's credential has to carry.
fn scopes(old: &ApiKeyRecord, owner: &Account, caller: &Identity) -> Result<Vec<String>, Problem> {
    let held: Vec<String> = old.scopes.iter().filter(|scope| owner.scopes.contains(scope)).cloned().collect();
    if held.iter().all(|scope| may_grant(scope, owner, caller)) {
        return Ok(held);
    }
    let title = "The credential lacks a scope that the key has.";
    Err(Problem::new(StatusCode::FORBIDDEN, "insufficient-scope", title))
}

/// As long as the old key was meant to live; one that was made elsewhere, without an end, gets the longest life there is.
fn life(old: &ApiKeyRecord, most_days: u32) -> i64 {
    let most = i64::from(most_days).saturating_mul(SECONDS_PER_DAY);
    old.expires_at.map_or(most, |end| end.seconds_since(old.created_at).clamp(1, most))
}
