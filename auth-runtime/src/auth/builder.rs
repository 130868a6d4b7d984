use std::sync::Arc;

use axum::http::HeaderValue;

use crate::{
    authn::{ApiKeys, Authenticator, Chain, Sessions, Uses},
    clock::{Clock, SystemClock},
    csrf::{OriginFault, TrustedOrigins},
    limit::{LimitStore, Limiter, TrustedProxies},
    password::{PasswordPolicy, Passwords},
    secret::{Entropy, SystemEntropy},
    session::Revocations,
    store::Accounts,
    token::{AccessVerifier, KeyRing, TokenIssuer},
};

use super::{
    Auth, Environment, Faults, Settings,
    account_rules::AccountRules,
    api_keys::ApiKeyOptions,
    auth::Engine,
    cleaning::Cleaning,
    fault::Collector,
    from_settings::{keys, trusted_origins, trusted_proxies},
};

mod browsers;
mod sessions;

use sessions::SessionOptions;

/// Puts an [`Auth`] together. What is missing or unsafe is found by [`build`](Self::build), all at once.
#[must_use]
pub struct AuthBuilder {
    faults: Collector,
    keys: Option<KeyRing>,
    issuer: String,
    audiences: Vec<String>,
    realm: String,
    leeway_seconds: i64,
    access_token_seconds: i64,
    sessions: SessionOptions,
    password_grant: bool,
    password_policy: PasswordPolicy,
    passwords: Option<Passwords>,
    limiter: Limiter,
    proxies: TrustedProxies,
    environment: Environment,
    trusted_origins: TrustedOrigins,
    origin_faults: Vec<OriginFault>,
    insecure_cookies: bool,
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
            keys: None,
            issuer: String::new(),
            audiences: Vec::new(),
            realm: "api".to_owned(),
            leeway_seconds: 0,
            access_token_seconds: 15 * 60,
            sessions: SessionOptions::default(),
            password_grant: false,
            password_policy: PasswordPolicy::default(),
            passwords: None,
            limiter: Limiter::in_memory(),
            proxies: TrustedProxies::none(),
            environment: Environment::Production,
            trusted_origins: TrustedOrigins::default(),
            origin_faults: Vec::new(),
            insecure_cookies: false,
            authenticators: Vec::new(),
            accounts: None,
            account_rules: AccountRules::default(),
            api_keys: ApiKeyOptions::default(),
            clock: Arc::new(SystemClock::new()),
            entropy: Arc::new(SystemEntropy::new()),
        }
    }

    /// Take keys, names, lifetimes and proxies from settings.
    pub fn settings(mut self, settings: &Settings) -> Self {
        self.keys = keys(settings, &mut self.faults);
        self.proxies = trusted_proxies(settings, &mut self.faults).unwrap_or(self.proxies);
        self.trusted_origins.extend(trusted_origins(settings, &mut self.faults).unwrap_or_default());
        self.environment = settings.environment;
        self.insecure_cookies = settings.insecure_cookies;
        self.api_keys.set_environment(settings.environment);
        self.issuer.clone_from(&settings.issuer);
        self.audiences = vec![settings.audience.clone()];
        self.access_token_seconds = i64::from(settings.access_token_minutes).saturating_mul(60);
        self.sessions.set_days(settings.refresh_token_days, settings.session_days);
        self
    }

    /// The keys of access tokens.
    pub fn keys(mut self, keys: KeyRing) -> Self {
        self.keys = Some(keys);
        self
    }

    /// Who issues the access tokens, exactly as in `iss`: this service's URL.
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuer = issuer.into();
        self
    }

    /// Whom access tokens are for. Given several times, each is accepted and the first is issued.
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audiences.push(audience.into());
        self
    }

    /// The realm of challenges; `api` by default.
    pub fn realm(mut self, realm: impl Into<String>) -> Self {
        self.realm = realm.into();
        self
    }

    /// By how many seconds clocks may differ, 0 to 60; 0 by default.
    pub fn leeway_seconds(mut self, seconds: u32) -> Self {
        self.leeway_seconds = i64::from(seconds);
        self
    }

    /// Life of an access token in seconds; 15 minutes by default, a day at most.
    ///
    /// With accounts, a lowered life holds at once: whatever a token says of its end, one that is older than the present life
    /// is refused, since revocations are remembered for no longer. Processes that share a store should share this setting.
    pub fn access_token_seconds(mut self, seconds: u32) -> Self {
        self.access_token_seconds = i64::from(seconds);
        self
    }

    /// Whether the token endpoint takes passwords; not by default.
    ///
    /// RFC 9700 forbids the `password` grant for clients of third parties, since they see the password. Turn it on only
    /// where every client is this service's own.
    pub fn password_grant(mut self, on: bool) -> Self {
        self.password_grant = on;
        self
    }

    /// What a new password must be like.
    pub fn password_policy(mut self, policy: PasswordPolicy) -> Self {
        self.password_policy = policy;
        self
    }

    /// The pool that hashes passwords; half of the processor's cores by default.
    pub fn passwords(mut self, passwords: Passwords) -> Self {
        self.passwords = Some(passwords);
        self
    }

    /// Where limits are counted; in this process's memory by default.
    pub fn limit_store(mut self, store: impl LimitStore) -> Self {
        self.limiter = Limiter::with_store(Arc::new(store));
        self
    }

    /// The proxies whose word about the client's address is taken; none by default.
    pub fn trusted_proxies(mut self, proxies: TrustedProxies) -> Self {
        self.proxies = proxies;
        self
    }

    /// One more way to recognise callers, beside access tokens.
    pub fn authenticator(mut self, authenticator: impl Authenticator) -> Self {
        self.authenticators.push(Arc::new(authenticator));
        self
    }

    /// The accounts that callers sign in to, the same handle that the router's state carries for the account endpoints.
    /// Without it those endpoints answer 500: what they end would go on being accepted.
    ///
    /// From now on their API keys are accepted, too, in `Authorization: Bearer` and in `X-API-Key`.
    pub fn accounts(mut self, accounts: &Accounts) -> Self {
        self.accounts = Some(accounts.clone());
        self
    }

    /// The clock; the operating system's by default.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// The source of randomness; the operating system's by default.
    pub fn entropy(mut self, entropy: impl Entropy) -> Self {
        self.entropy = Arc::new(entropy);
        self
    }

    /// The engine.
    ///
    /// # Errors
    /// Everything that is missing or unsafe, at once.
    pub fn build(mut self) -> Result<Auth, Faults> {
        let tokens = self.build_tokens();
        let realm = self.build_realm();
        self.sessions.check(&mut self.faults);
        self.check_cookies();
        self.account_rules.check(&mut self.faults);
        let api_keys = self.api_keys.check(&mut self.faults);
        let (cookie, cross_site) = (self.cookie(), self.cross_site());
        let (((keys, verifier, issuer), realm), api_keys) = self.faults.finish_with(tokens.zip(realm).zip(api_keys))?;
        let limiter = Arc::new(self.limiter);
        let passwords = self.passwords.unwrap_or_else(|| Passwords::builder(Arc::clone(&self.entropy)).build());
        let lifetimes = self.sessions.lifetimes(self.access_token_seconds.saturating_add(self.leeway_seconds));
        let sessions = self.accounts.clone().map(|accounts| Sessions {
            accounts,
            lifetimes,
            issuer: self.issuer.clone(),
            proxies: self.proxies.clone(),
        });
        let within = self.sessions.revocation;
        let revocations = self.accounts.as_ref().map(|accounts| Revocations::new(accounts, within, lifetimes));
        let mut authenticators = self.authenticators;
        authenticators.extend(self.accounts.as_ref().map(|accounts| {
            Arc::new(ApiKeys {
                format: api_keys.format.clone(),
                issuer: self.issuer.clone(),
                accounts: accounts.clone(),
                limiter: Arc::clone(&limiter),
                clock: Arc::clone(&self.clock),
                uses: Uses::default(),
            }) as Arc<dyn Authenticator>
        }));
        Ok(Auth(Arc::new(Engine {
            chain: Chain { tokens: verifier, others: authenticators, revocations, sessions, cookie, cross_site },
            accounts: self.accounts,
            account_rules: self.account_rules,
            keys,
            tokens: issuer,
            issuer: self.issuer,
            audience: self.audiences.into_iter().next().unwrap_or_default(),
            limiter,
            api_keys,
            proxies: self.proxies,
            passwords,
            password_policy: self.password_policy,
            password_grant: self.password_grant,
            lifetimes,
            realm,
            cleaning: Cleaning::default(),
            clock: self.clock,
            entropy: self.entropy,
        })))
    }

    fn build_tokens(&mut self) -> Option<(KeyRing, AccessVerifier, TokenIssuer)> {
        if self.keys.is_none() && self.faults.is_empty() {
            self.faults.push("keys", "are missing: call `.keys(…)` or `.settings(…)`");
        }
        if self.issuer.is_empty() {
            self.faults
                .push("issuer", "is missing: call `.issuer(\"https://api.example.com\")` with this service's URL");
        }
        if self.audiences.is_empty() {
            self.faults.push("audience", "is missing: call `.audience(…)` with what tokens for this service name");
        }
        let (keys, first) = (self.keys.clone()?, self.audiences.first()?.clone());
        let mut verifier = AccessVerifier::builder(keys.clone(), &self.issuer, &first).leeway(self.leeway_seconds);
        for audience in self.audiences.iter().skip(1) {
            verifier = verifier.audience(audience);
        }
        let issuer = TokenIssuer::builder(keys.clone(), &self.issuer, &first).lifetime(self.access_token_seconds);
        let verifier = self.faults.take("verifying tokens", verifier.build());
        let issuer = self.faults.take("issuing tokens", issuer.build());
        Some((keys, verifier?, issuer?))
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
