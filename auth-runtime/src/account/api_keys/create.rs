use axum::response::Response;

use crate::{
    account::{
        answer::{error_response::ErrorResponse, rejection::EndpointRejection, report::OrReport as _},
        context::AccountContext,
        event::TARGET,
        policies,
        request::caller::{LocalCaller, account_of},
    },
    clock::UnixTime,
    extract::Json,
    guard::Guard,
    store::{ApiKeyLimit, ApiKeyRecord, new_id},
    token::ApiKey,
};

use super::{answer::created, problems::check, request::NewApiKey, still_signed_in::revoke_unless_signed_in};

/// Handles `POST /auth/api-keys`. Returns 201 with the key, which is shown only this once, or 422 with all mistakes.
pub(crate) async fn create_api_key(
    _: Guard<policies::CreateApiKey>,
    LocalCaller(caller): LocalCaller,
    context: AccountContext,
    Json(request): Json<NewApiKey>,
) -> Result<Response, ErrorResponse> {
    let owner = account_of(&context, &caller).await?;
    let rules = context.auth.api_keys();
    check(request.faults(&owner, &caller, rules.most_days))?;
    let days = request.expires_in_days.unwrap_or(rules.default_days);
    let draft = Draft {
        user_id: owner.id,
        limit: request.limit(),
        name: request.name,
        scopes: request.scopes,
        seconds: i64::from(days).saturating_mul(SECONDS_PER_DAY),
    };
    let now = context.auth.clock().unix();
    let (key, record) = draft.mint(&context, now)?;
    context.accounts.api_keys().create_key(record.clone(), rules.most_per_user).await?;
    revoke_unless_signed_in(&context, &caller, &record).await?;
    tracing::event!(
        target: TARGET, tracing::Level::INFO, user.id = record.user_id, api_key.id = record.id, outcome = "api_key_created",
    );
    Ok(created(&key, record, now))
}

pub(crate) const SECONDS_PER_DAY: i64 = 24 * 60 * 60;

/// The properties of a key that is about to be created.
pub(crate) struct Draft {
    pub(crate) user_id: String,
    pub(crate) name: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) limit: Option<ApiKeyLimit>,
    /// The life of the key.
    pub(crate) seconds: i64,
}

impl Draft {
    /// Mints a key, and builds the record that the store keeps.
    pub(crate) fn mint(
        self,
        context: &AccountContext,
        now: UnixTime,
    ) -> Result<(ApiKey, ApiKeyRecord), EndpointRejection> {
        let auth = &context.auth;
        let id = new_id(auth.clock(), auth.entropy()).or_report()?;
        let key = auth.api_keys().format.mint(auth.entropy()).or_report()?;
        let record = ApiKeyRecord {
            id,
            user_id: self.user_id,
            name: self.name,
            hash: key.hash(),
            display: key.display().to_owned(),
            scopes: self.scopes,
            limit: self.limit,
            created_at: now,
            expires_at: Some(now.plus_seconds(self.seconds)),
            last_used_at: None,
            revoked_at: None,
            replaced_by: None,
        };
        Ok((key, record))
    }
}
