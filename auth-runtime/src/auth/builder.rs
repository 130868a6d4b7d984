use core::{fmt, net::IpAddr};
use std::sync::Arc;

use axum::http::HeaderValue;

use crate::{
    authn::{ApiKeys, Authenticator, Chain, LastUses, Sessions},
    clock::{Clock, SystemClock},
    csrf::{OriginFault, TrustedOrigins},
    limit::{LimitStore, Limiter, TrustedProxies},
    password::{PasswordPolicy, Passwords},
    secret::{Entropy, SystemEntropy},
    session::Revocations,
    store::Accounts,
};

use super::{
    Auth, Environment, Faults, Settings,
    account_rules::AccountRules,
    api_keys::ApiKeyOptions,
    auth::Engine,
    cleaning::Cleaning,
    fault::Collector,
    from_settings::{trusted_origins, trusted_proxies},
    reminder::Reminder,
};

mod addresses;
mod browsers;
mod sessions;
mod tokens;

use sessions::SessionOptions;
use setting::Setting;
use tokens::TokenOptions;

/// The builder of [`Auth`]. [`build`](Self::build) reports everything that is missing or unsafe at once.
#[must_use]
pub struct AuthBuilder {
    faults: Collector,
    tokens: TokenOptions,
    realm: String,
    sessions: SessionOptions,
    password_grant: bool,
    password_policy: PasswordPolicy,
    passwords: Option<Passwords>,
    limiter: Limiter,
    proxies: Setting<TrustedProxies>,
    peer_when_absent: Option<IpAddr>,
    environment: Setting<Environment>,
    trusted_origins: TrustedOrigins,
    origin_faults: Vec<OriginFault>,
    insecure_cookies: Setting<bool>,
    authenticators: Vec<Arc<dyn Authenticator>>,
    accounts: Option<Accounts>,
    pub(super) account_rules: AccountRules,
    pub(super) api_keys: ApiKeyOptions,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl AuthBuilder {
    pub(super) fn new() -> Self {
        Self {
            faults: Collector::default(),
            tokens: TokenOptions::default(),
            realm: "api".to_owned(),
            sessions: SessionOptions::default(),
            password_grant: false,
            password_policy: PasswordPolicy::default(),
            passwords: None,
            limiter: Limiter::in_memory(),
            proxies: Setting::default(),
            peer_when_absent: None,
            environment: Setting::default(),
            trusted_origins: TrustedOrigins::default(),
            origin_faults: Vec::new(),
            insecure_cookies: Setting::default(),
            authenticators: Vec::new(),
            accounts: None,
            account_rules: AccountRules::default(),
            api_keys: ApiKeyOptions::default(),
            clock: Arc::new(SystemClock::new()),
            entropy: Arc::new(SystemEntropy::new()),
        }
    }

    /// Takes keys, names, lifetimes, proxies, origins and the environment from settings.
    ///
    /// A value set by another method wins over the settings, whichever is called first. Lists are combined: audiences
    /// and trusted origins.
    pub fn settings(mut self, settings: &Settings) -> Self {
        self.tokens.take_from(settings, &mut self.faults);
        self.sessions.take_from(settings);
        if let Some(proxies) = trusted_proxies(settings, &mut self.faults) {
            self.proxies.take_from_settings(proxies);
        }
        self.trusted_origins.extend(trusted_origins(settings, &mut self.faults).unwrap_or_default());
        self.environment.take_from_settings(settings.environment);
        self.insecure_cookies.take_from_settings(settings.insecure_cookies);
        self
    }

    /// Sets the realm of challenges; `api` by default.
    pub fn realm(mut self, realm: impl Into<String>) -> Self {
        self.realm = realm.into();
        self
    }

    /// Sets whether the token endpoint accepts passwords; `false` by default.
    ///
    /// RFC 9700 forbids the `password` grant for third-party clients, since they see the password. Turn it on only
    /// where every client is this service's own.
    pub fn password_grant(mut self, on: bool) -> Self {
        self.password_grant = on;
        self
    }

    /// Sets the rules for new passwords.
    pub fn password_policy(mut self, policy: PasswordPolicy) -> Self {
        self.password_policy = policy;
        self
    }

    /// Sets the pool that hashes passwords; by default it uses half of the processor's cores.
    pub fn passwords(mut self, passwords: Passwords) -> Self {
        self.passwords = Some(passwords);
        self
    }

    /// Sets the store that counts limits; this process's memory by default.
    pub fn limit_store(mut self, store: impl LimitStore) -> Self {
        self.limiter = Limiter::with_store(Arc::new(store));
        self
    }

    /// Adds a way to recognise callers, beside access tokens.
    pub fn authenticator(mut self, authenticator: impl Authenticator) -> Self {
        self.authenticators.push(Arc::new(authenticator));
        self
    }

    /// Sets the accounts that callers sign in to. Pass the same handle that the router's state carries for the account
    /// endpoints. Without it, those endpoints answer 500: the guards would still accept sessions and tokens that the
    /// endpoints end.
    ///
    /// The guards then also accept the accounts' API keys, in `Authorization: Bearer` and in `X-API-Key`.
    pub fn accounts(mut self, accounts: &Accounts) -> Self {
        self.accounts = Some(accounts.clone());
        self
    }

    /// Sets the clock; the operating system's by default.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Sets the source of randomness; the operating system's by default.
    pub fn entropy(mut self, entropy: impl Entropy) -> Self {
        self.entropy = Arc::new(entropy);
        self
    }

    /// Builds the engine.
    ///
    /// # Errors
    /// Returns [`Faults`] with everything that is missing or unsafe.
    pub fn build(mut self) -> Result<Auth, Faults> {
        let tokens = self.tokens.check(&mut self.faults);
        let realm = self.build_realm();
        self.sessions.check(&mut self.faults);
        self.check_cookies();
        self.check_addresses();
        self.account_rules.check(&mut self.faults);
        let api_keys = self.api_keys.check(self.runs_in(), &mut self.faults);
        let (cookie, cross_site, addresses) = (self.cookie(), self.cross_site(), self.addresses());
        let environment = self.runs_in();
        let ((tokens, realm), api_keys) = self.faults.finish_with(tokens.zip(realm).zip(api_keys))?;
        let (issuer, audience) = (self.tokens.issuer().to_owned(), self.tokens.audience().to_owned());
        let limiter = Arc::new(self.limiter);
        let passwords = self.passwords.unwrap_or_else(|| Passwords::builder(Arc::clone(&self.entropy)).build());
        let lifetimes = self.sessions.lifetimes(self.tokens.accepted_seconds());
        let sessions = self.accounts.clone().map(|accounts| Sessions {
            accounts,
            lifetimes,
            issuer: issuer.clone(),
            addresses: addresses.clone(),
        });
        let within = self.sessions.revocation();
        let revocations = self.accounts.as_ref().map(|accounts| Revocations::new(accounts, within, lifetimes));
        let mut authenticators = self.authenticators;
        authenticators.extend(self.accounts.as_ref().map(|accounts| {
            Arc::new(ApiKeys {
                format: api_keys.format.clone(),
                issuer: issuer.clone(),
                accounts: accounts.clone(),
                limiter: Arc::clone(&limiter),
                clock: Arc::clone(&self.clock),
                last_uses: LastUses::default(),
            }) as Arc<dyn Authenticator>
        }));
        Ok(Auth(Arc::new(Engine {
            chain: Chain { tokens: tokens.verifier, others: authenticators, revocations, sessions, cookie, cross_site },
            accounts: self.accounts,
            account_rules: self.account_rules,
            keys: tokens.keys,
            tokens: tokens.issuer,
            access_token_bytes: self.tokens.most_bytes,
            issuer,
            audience,
            limiter,
            api_keys,
            addresses,
            passwords,
            password_policy: self.password_policy,
            password_grant: self.password_grant,
            lifetimes,
            refresh_retry: self.sessions.refresh_retry,
            realm,
            cleaning: Cleaning::default(),
            environment,
            address_reminder: Reminder::default(),
            clock: self.clock,
            entropy: self.entropy,
        })))
    }

    fn build_realm(&mut self) -> Option<HeaderValue> {
        if self.realm.is_empty()
            || !self.realm.bytes().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\'))
        {
            self.faults
                .push("realm", "is no quoted string of RFC 9110: printable ASCII without quotes and backslashes");
            return None;
        }
        HeaderValue::try_from(format!("Bearer realm=\"{}\"", self.realm)).ok()
    }
}

impl fmt::Debug for AuthBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthBuilder").field("issuer", &self.tokens.issuer()).finish_non_exhaustive()
    }
}

mod setting;
#[cfg(test)]
mod tests;
