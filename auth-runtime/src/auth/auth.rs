use core::fmt;
use std::sync::Arc;

use axum::http::request::Parts;

use crate::{
    authn::{AuthnError, Caller, Chain, CrossSiteCheck},
    clock::Clock,
    csrf::CrossSite,
    identity::Identity,
    limit::{AddressFinder, Limiter, PreparedLimit},
    password::{PasswordPolicy, Passwords},
    policy::Via,
    secret::Entropy,
    session::{Lifetimes, RetryTerms, Revocations, SessionCookie},
    store::Accounts,
    token::{JwkSet, KeyRing, TokenIssuer},
};

#[cfg(feature = "web")]
use crate::identity::Witness;

use super::{
    Environment,
    account_event::AccountEvent,
    account_rules::{AccountRules, ApiKeyRules},
    challenges::Challenges,
    cleaning::Cleaning,
    issuers::Issuers,
    limits_by_account,
    protected_resource::Metadata,
    readiness::Readiness,
    reminder::Reminder,
};

/// The engine: keys, authenticators, limits, passwords and clock. It is cheap to clone, and part of the router's state.
///
/// ```
/// use auth_runtime::{Auth, token::{KeyRing, SigningKey}};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let key = SigningKey::from_secret(&"3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD".into())?;
/// let auth = Auth::builder()
///     .keys(KeyRing::builder().sign_with(key).build()?)
///     .issuer("https://api.example.com")
///     .audience("https://api.example.com")
///     .build()?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Auth(pub(super) Arc<Engine>);

pub(super) struct Engine {
    pub(super) chain: Chain,
    pub(super) accounts: Option<Accounts>,
    pub(super) account_rules: AccountRules,
    pub(super) keys: KeyRing,
    pub(super) tokens: TokenIssuer,
    pub(super) access_token_bytes: usize,
    pub(super) issuer: String,
    pub(super) audience: String,
    pub(super) limiter: Arc<Limiter>,
    pub(super) api_keys: ApiKeyRules,
    pub(super) addresses: AddressFinder,
    pub(super) passwords: Passwords,
    pub(super) password_policy: PasswordPolicy,
    pub(super) password_grant: bool,
    pub(super) lifetimes: Lifetimes,
    pub(super) refresh_retry: RetryTerms,
    pub(super) challenges: Challenges,
    pub(super) metadata: Vec<Metadata>,
    pub(super) issuers: Issuers,
    pub(super) cleaning: Option<Arc<Cleaning>>,
    pub(super) environment: Environment,
    pub(super) address_reminder: Reminder,
    pub(super) names_callers_in_events: bool,
    pub(super) readiness: Readiness,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) entropy: Arc<dyn Entropy>,
}

impl Auth {
    /// Returns the clock that the engine uses.
    pub fn clock(&self) -> &dyn Clock {
        &*self.0.clock
    }

    /// Returns the source of randomness for all secrets and identifiers.
    pub fn entropy(&self) -> &dyn Entropy {
        &*self.0.entropy
    }

    /// Returns by how many seconds a token or a login may lie in the future.
    pub(crate) fn clock_skew(&self) -> i64 {
        self.0.chain.tokens.clock_skew()
    }

    /// Returns the issuer of access tokens.
    pub fn tokens(&self) -> &TokenIssuer {
        &self.0.tokens
    }

    /// Returns how many bytes the access tokens of an account may have. `Administration` enforces it.
    pub(crate) fn access_token_bytes(&self) -> usize {
        self.0.access_token_bytes
    }

    /// Returns the hasher and verifier of passwords.
    pub fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    /// Returns the rules for new passwords.
    pub fn password_policy(&self) -> &PasswordPolicy {
        &self.0.password_policy
    }

    /// Returns the limiter, which counts requests.
    pub fn limiter(&self) -> &Limiter {
        &self.0.limiter
    }

    /// Returns the public keys of this service's access tokens, as a JWK set (RFC 7517).
    pub fn jwks(&self) -> JwkSet {
        self.0.keys.jwks()
    }

    /// Returns whether the stores of accounts, sessions and API keys answer, and the
    /// [application's checks](super::AuthBuilder::readiness_check) pass, within a second.
    ///
    /// A result is reused for a second, so that strangers who ask often cause no load. The store of limits does not
    /// count: each limit has its own `on_outage`. An event tells when the result changes.
    pub async fn is_ready(&self) -> bool {
        if let Some(known) = self.0.readiness.known(self.clock()) {
            return known;
        }
        let auth = self.clone();
        let check = async move { auth.0.readiness.is_ready(auth.0.accounts.as_ref(), auth.clock()).await };
        // A task goes on when the client hangs up. Else each client who hangs up at once would begin another check.
        tokio::spawn(check).await.unwrap_or(false)
    }

    /// Returns the caller whom the request's credential proves, or `None` without a credential. A session cookie that
    /// continues no live session counts as no credential.
    ///
    /// Handlers take [`Identity`] as an argument instead.
    ///
    /// # Errors
    /// Returns [`AuthnError`] in each of these cases:
    ///
    /// - The credential is malformed or invalid.
    /// - Another site caused a request with a session's cookie.
    /// - A store does not answer.
    pub async fn authenticate(&self, parts: &Parts) -> Result<Option<Identity>, AuthnError> {
        self.identify(parts, CrossSiteCheck::Enforced).await.map(|caller| caller.identity)
    }

    /// Identifies the caller like [`authenticate`](Self::authenticate), for the guard, which knows the policy's
    /// exemption from the cross-site check.
    pub(crate) async fn identify(&self, parts: &Parts, check: CrossSiteCheck) -> Result<Caller, AuthnError> {
        let mut caller = self.0.chain.authenticate(parts, &*self.0.clock, check).await?;
        caller.identity = caller.identity.map(|identity| identity.vouched_for_by(self.issuer()));
        #[cfg(feature = "web")]
        if caller.identity.is_some() {
            Witness::record(&parts.extensions);
        }
        Ok(caller)
    }

    /// Returns the cookie that continues browsers' sessions.
    pub(crate) fn session_cookie(&self) -> SessionCookie {
        self.0.chain.cookie
    }

    /// Returns the check that tells requests of this service's own pages from requests that other sites cause.
    pub(crate) fn cross_site(&self) -> &CrossSite {
        &self.0.chain.cross_site
    }

    /// Returns the accounts that the engine was built with.
    pub(crate) fn accounts(&self) -> Option<&Accounts> {
        self.0.accounts.as_ref()
    }

    /// Starts to remove expired rows from the accounts' stores, unless this engine already does. The task ends with the
    /// last handle to the engine.
    ///
    /// Called where rows are created, inside a tokio runtime.
    pub(crate) fn keep_clean(&self) {
        if let Some(cleaning) = &self.0.cleaning {
            cleaning.begin();
        }
    }

    /// Returns the caller whom an access token of this service identifies, as the guard would.
    pub(crate) async fn access_token(&self, token: &str) -> Result<Identity, AuthnError> {
        self.0.chain.access_token(token, &*self.0.clock).await
    }

    /// Returns the limits that count by account, if the engine was built with accounts.
    pub(crate) fn account_limits(&self) -> &'static [&'static PreparedLimit] {
        if self.0.accounts.is_some() { &limits_by_account::ALL } else { &[] }
    }

    /// Reports an event to the application's listeners.
    pub(crate) fn tell(&self, event: impl FnOnce() -> AccountEvent) {
        self.0.account_rules.listeners.tell(event);
    }

    pub(crate) fn account_rules(&self) -> &AccountRules {
        &self.0.account_rules
    }

    /// Returns the keys of access tokens.
    pub fn keys(&self) -> &KeyRing {
        &self.0.keys
    }

    /// Returns the issuer of access tokens: `iss`.
    pub fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// Returns the audience of access tokens: `aud`.
    pub fn audience(&self) -> &str {
        &self.0.audience
    }

    /// Returns the rules that find the addresses of clients.
    pub(crate) fn addresses(&self) -> &AddressFinder {
        &self.0.addresses
    }

    /// Returns the kinds of credential that the engine recognises.
    pub(crate) fn kinds(&self) -> Via {
        self.0.chain.kinds()
    }

    /// Returns the kinds of credential that may carry roles.
    pub(crate) fn kinds_with_roles(&self) -> Via {
        self.0.chain.kinds_with_roles()
    }

    /// Returns whether answers may tell what the operator must change.
    pub(crate) fn explains_faults(&self) -> bool {
        self.0.environment == Environment::Development
    }

    /// Returns whether events may name the caller and its address.
    pub(crate) fn names_callers_in_events(&self) -> bool {
        self.0.names_callers_in_events
    }

    /// Returns whether it is time to log again that requests have no client address: once a minute.
    pub(crate) fn reminds_of_missing_address(&self) -> bool {
        self.0.address_reminder.is_due(self.clock())
    }

    pub(crate) fn allows_password_grant(&self) -> bool {
        self.0.password_grant
    }

    pub(crate) fn api_keys(&self) -> &ApiKeyRules {
        &self.0.api_keys
    }

    pub(crate) fn lifetimes(&self) -> Lifetimes {
        self.0.lifetimes
    }

    /// Returns which second uses of refresh tokens are retries.
    pub(crate) fn refresh_retry(&self) -> RetryTerms {
        self.0.refresh_retry
    }

    /// Returns the revocations, if the engine was built with accounts.
    pub(crate) fn revocations(&self) -> Option<&Revocations> {
        self.0.chain.revocations.as_ref()
    }

    /// Returns the challenges of refusals.
    pub(crate) fn challenges(&self) -> &Challenges {
        &self.0.challenges
    }

    /// Returns the issuers that this service accepts callers from.
    pub(crate) fn issuers(&self) -> &Issuers {
        &self.0.issuers
    }
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Auth").finish_non_exhaustive()
    }
}
