use std::sync::Arc;

use axum::http::HeaderMap;

use crate::{
    clock::{Clock, UnixTime},
    error::{StoreError, with_causes},
    identity::Identity,
    limit::{Charge, Judgement, KeyValue, Limiter, PreparedLimit, judge, report},
    policy::{Limit, LimitKey, Via},
    store::{Account, Accounts, ApiKeyLimit, ApiKeyRecord, BoxFuture, NotActive, active},
    token::ApiKeyFormat,
};

use super::{Authenticator, AuthnError, credential, event::TARGET, last_use::LastUses};

/// The authenticator for API keys that [`Accounts`] stores. It finds them in `Authorization: Bearer`, by their form,
/// and in `X-API-Key`.
///
/// A key proves its owner. The caller gets the scopes that both the key and the owner have, and no roles. The key's
/// scopes state its purpose, and a role that the owner gets later must not extend to every existing key.
pub(crate) struct ApiKeys {
    pub(crate) format: ApiKeyFormat,
    pub(crate) issuer: String,
    pub(crate) accounts: Accounts,
    pub(crate) limiter: Arc<Limiter>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) last_uses: LastUses,
}

impl Authenticator for ApiKeys {
    fn via(&self) -> Via {
        Via::API_KEY
    }

    fn takes_bearer(&self, token: &str) -> bool {
        self.format.claims(token)
    }

    fn find<'r>(&self, headers: &'r HeaderMap) -> Result<Option<&'r str>, AuthnError> {
        credential::api_key(headers)
    }

    fn authenticate<'a>(&'a self, credential: &'a str, now: UnixTime) -> BoxFuture<'a, Result<Identity, AuthnError>> {
        Box::pin(self.prove(credential, now))
    }
}

impl ApiKeys {
    async fn prove(&self, text: &str, now: UnixTime) -> Result<Identity, AuthnError> {
        let key = self.format.parse(text).map_err(|bad| credential::refused(text, bad.reason()))?;
        let found = self.accounts.api_keys().find_key(&key.hash()).await.map_err(AuthnError::Unavailable)?;
        let record = found.ok_or(AuthnError::Invalid("api_key_unknown"))?;
        if record.revoked_at.is_some() {
            return Err(refused(&record, "api_key_revoked"));
        }
        if record.has_ended(now) {
            return Err(refused(&record, "api_key_expired"));
        }
        // The limit is charged before the owner is looked up, so a flood costs only one read per request.
        if let Some(limit) = record.limit {
            self.charge(&record, limit).await?;
        }
        let owner = self.accounts.accounts().find(&record.user_id).await.map_err(AuthnError::Unavailable)?;
        let owner = active(owner).map_err(|why| match why {
            NotActive::Deactivated => refused(&record, "api_key_owner_inactive"),
            NotActive::Gone => refused(&record, "api_key_owner_gone"),
        })?;
        self.last_uses.note(self.accounts.api_keys(), &record, now).await;
        Ok(self.identity(&record, &owner))
    }

    /// Counts the request under the key's own limit. The response then reports this limit beside those of the handler.
    async fn charge(&self, record: &ApiKeyRecord, limit: ApiKeyLimit) -> Result<(), AuthnError> {
        let limit = Limit::new(limit.quota(), LimitKey::ApiKey).with_name("api-key");
        let limit = PreparedLimit::new(limit, "auth_runtime::authn::api_key", 0);
        let mut charges = [Charge::new(&limit, KeyValue::api_key(&self.issuer, &record.id))];
        let counted = self.limiter.charge(&mut charges, &*self.clock).await;
        report(&charges, &self.limiter);
        match judge(&charges, counted, |error| limit_store_failed(record, error)) {
            Judgement::Admitted => Ok(()),
            Judgement::Limited(refusal) => Err(AuthnError::Limited(refusal)),
            Judgement::Unavailable(error) => Err(AuthnError::Unavailable(error)),
        }
    }

    fn identity(&self, record: &ApiKeyRecord, owner: &Account) -> Identity {
        // The issuer of this service's tokens. Limits by user thus count a person once, for all kinds of credential.
        let mut identity = Identity::builder(&owner.id, Via::API_KEY).issuer(&self.issuer).token_id(&record.id);
        for scope in record.scopes.iter().filter(|scope| owner.scopes.contains(scope)) {
            identity = identity.scope(scope);
        }
        if let Some(end) = record.expires_at {
            identity = identity.expires_at(end);
        }
        identity.build()
    }
}

/// Reports that the counters cannot be reached.
fn limit_store_failed(record: &ApiKeyRecord, error: &StoreError) {
    let error = with_causes(error);
    tracing::event!(target: TARGET, tracing::Level::ERROR, api_key.id = record.id, error, reason = "limit_store");
}

/// Makes the refusal. The client sees the same answer as for an unknown key. The event names the key, its owner and the
/// reason.
///
/// There is one exception: the key is valid, its owner is gone or inactive, and the key has a limit of its own. The
/// limit is charged before, so the 401 carries the fields of the limit, or becomes a 429. Only a client that has the
/// key can see this.
fn refused(record: &ApiKeyRecord, reason: &'static str) -> AuthnError {
    tracing::event!(
        target: TARGET, tracing::Level::INFO, api_key.id = record.id, user.id = record.user_id, outcome = "refused", reason,
    );
    AuthnError::Invalid(reason)
}
