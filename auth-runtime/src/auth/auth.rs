use core::fmt;
use std::sync::Arc;

use axum::http::{HeaderValue, request::Parts};

use crate::{
    authn::{AuthnError, Caller, Chain, CrossSiteCheck},
    clock::Clock,
    csrf::CrossSite,
    identity::Identity,
    limit::{Limiter, TrustedProxies},
    password::{PasswordPolicy, Passwords},
    secret::Entropy,
    session::{Lifetimes, Revocations, SessionCookie},
    store::Accounts,
    token::{KeyRing, TokenIssuer},
};

use super::{AuthBuilder, account_rules::AccountRules, api_keys::ApiKeyRules, cleaning::Cleaning};

/// The engine: keys, authenticators, limits, passwords, clock. Cheap to clone, part of the router's state.
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
    pub(super) issuer: String,
    pub(super) audience: String,
    pub(super) limiter: Arc<Limiter>,
    pub(super) api_keys: ApiKeyRules,
    pub(super) proxies: TrustedProxies,
    pub(super) passwords: Passwords,
    pub(super) password_policy: PasswordPolicy,
    pub(super) password_grant: bool,
    pub(super) lifetimes: Lifetimes,
    pub(super) realm: HeaderValue,
    pub(super) cleaning: Cleaning,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) entropy: Arc<dyn Entropy>,
}

impl Auth {
    /// An engine to put together.
    pub fn builder() -> AuthBuilder {
        AuthBuilder::new()
    }

    /// The clock that everything goes by.
    pub fn clock(&self) -> &dyn Clock {
        &*self.0.clock
    }

    /// The source of randomness that everything is minted from.
    pub fn entropy(&self) -> &dyn Entropy {
        &*self.0.entropy
    }

    /// Mints access tokens.
    pub fn tokens(&self) -> &TokenIssuer {
        &self.0.tokens
    }

    /// Hashes and verifies passwords.
    pub fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    /// What a new password must be like.
    pub fn password_policy(&self) -> &PasswordPolicy {
        &self.0.password_policy
    }

    /// Counts requests.
    pub fn limiter(&self) -> &Limiter {
        &self.0.limiter
    }

    /// The public keys of this service's access tokens, as a JWK set (RFC 7517).
    pub fn jwks(&self) -> serde_json::Value {
        self.0.keys.jwks()
    }

    /// The caller whom the request's credential proves, `None` without one. A session's cookie that continues no live
    /// session is none.
    ///
    /// Handlers take [`Identity`] as an argument instead.
    ///
    /// # Errors
    /// When the credential is malformed or proves nobody, another site caused a request with a session's cookie, or a store
    /// does not answer.
    pub async fn authenticate(&self, parts: &Parts) -> Result<Option<Identity>, AuthnError> {
        self.identify(parts, CrossSiteCheck::Enforced).await.map(|caller| caller.identity)
    }

    /// Like [`authenticate`](Self::authenticate), for the guard, which knows the policy's exemption.
    pub(crate) async fn identify(&self, parts: &Parts, check: CrossSiteCheck) -> Result<Caller, AuthnError> {
        self.0.chain.authenticate(parts, &*self.0.clock, check).await
    }

    /// The cookie that browsers' sessions are continued by.
    pub(crate) fn session_cookie(&self) -> SessionCookie {
        self.0.chain.cookie
    }

    /// Tells requests of this service's own pages from those that other sites cause.
    pub(crate) fn cross_site(&self) -> &CrossSite {
        &self.0.chain.cross_site
    }

    /// The accounts that the engine was built with.
    pub(crate) fn accounts(&self) -> Option<&Accounts> {
        self.0.accounts.as_ref()
    }

    /// Whom an access token stands for, as the guard would see it.
    pub(crate) async fn access_token(&self, token: &str) -> Result<Identity, AuthnError> {
        self.0.chain.access_token(token, &*self.0.clock).await
    }

    pub(crate) fn account_rules(&self) -> &AccountRules {
        &self.0.account_rules
    }

    /// The keys of access tokens.
    pub fn keys(&self) -> &KeyRing {
        &self.0.keys
    }

    /// Who issues the access tokens: `iss`.
    pub fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// Whom the access tokens are for: `aud`.
    pub fn audience(&self) -> &str {
        &self.0.audience
    }

    pub(crate) fn proxies(&self) -> &TrustedProxies {
        &self.0.proxies
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

    /// What was revoked, where the engine was built with accounts.
    pub(crate) fn revocations(&self) -> Option<&Revocations> {
        self.0.chain.revocations.as_ref()
    }

    /// The challenge without parameters: `Bearer realm="…"`.
    pub(crate) fn realm(&self) -> &HeaderValue {
        &self.0.realm
    }
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Auth").finish_non_exhaustive()
    }
}
