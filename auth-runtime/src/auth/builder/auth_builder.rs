use core::{fmt, net::IpAddr};
use std::sync::Arc;

use super::{
    api_key_options::ApiKeyOptions, limit_options::LimitOptions, session_options::SessionOptions, setting::Setting,
    token_options::TokenOptions,
};
use crate::{
    auth::{
        Auth, Environment, ProtectedResource, Settings,
        account_rules::AccountRules,
        fault::Collector,
        issuers::Issuers,
        public_url::{PublicUrl, PublicUrlFault},
        readiness::ReadinessCheck,
        settings::values::{trusted_origins, trusted_proxies},
    },
    authn::Authenticator,
    clock::{Clock, SystemClock},
    csrf::{OriginFault, TrustedOrigins},
    error::Challenge,
    limit::TrustedProxies,
    password::{PasswordPolicy, Passwords},
    secret::{Entropy, SystemEntropy},
    store::Accounts,
};

#[cfg(feature = "remote")]
use crate::remote::Issuer;

/// The builder of [`Auth`]. [`build`](Self::build) reports everything that is missing or unsafe at once.
#[must_use]
pub struct AuthBuilder {
    pub(super) faults: Collector,
    pub(super) tokens: TokenOptions,
    pub(super) realm: String,
    pub(super) challenges: Vec<Challenge>,
    pub(super) public_url: Setting<PublicUrl>,
    pub(super) public_url_fault: Option<PublicUrlFault>,
    pub(super) resources: Vec<ProtectedResource>,
    pub(super) issuers: Issuers,
    pub(super) sessions: SessionOptions,
    pub(super) password_grant: bool,
    pub(super) password_policy: PasswordPolicy,
    pub(super) passwords: Option<Passwords>,
    #[cfg(feature = "testing")]
    pub(super) passwords_outside_production: Option<Passwords>,
    pub(super) limits: LimitOptions,
    pub(super) readiness_checks: Vec<ReadinessCheck>,
    pub(super) proxies: Setting<TrustedProxies>,
    pub(super) peer_when_absent: Option<IpAddr>,
    pub(super) environment: Setting<Environment>,
    pub(super) callers_in_events: bool,
    pub(super) trusted_origins: TrustedOrigins,
    pub(super) origin_faults: Vec<OriginFault>,
    pub(super) insecure_cookies: Setting<bool>,
    pub(super) authenticators: Vec<Arc<dyn Authenticator>>,
    #[cfg(feature = "remote")]
    pub(super) trusted: Vec<Issuer>,
    pub(super) accounts: Option<Accounts>,
    pub(super) account_rules: AccountRules,
    pub(super) api_keys: ApiKeyOptions,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) entropy: Arc<dyn Entropy>,
}

impl Auth {
    /// Starts to configure an engine.
    pub fn builder() -> AuthBuilder {
        AuthBuilder::new()
    }
}

impl AuthBuilder {
    fn new() -> Self {
        Self {
            faults: Collector::default(),
            tokens: TokenOptions::default(),
            realm: "api".to_owned(),
            challenges: Vec::new(),
            public_url: Setting::default(),
            public_url_fault: None,
            resources: Vec::new(),
            issuers: Issuers::default(),
            sessions: SessionOptions::default(),
            password_grant: false,
            password_policy: PasswordPolicy::default(),
            passwords: None,
            #[cfg(feature = "testing")]
            passwords_outside_production: None,
            limits: LimitOptions::default(),
            readiness_checks: Vec::new(),
            proxies: Setting::default(),
            peer_when_absent: None,
            environment: Setting::default(),
            callers_in_events: true,
            trusted_origins: TrustedOrigins::default(),
            origin_faults: Vec::new(),
            insecure_cookies: Setting::default(),
            authenticators: Vec::new(),
            #[cfg(feature = "remote")]
            trusted: Vec::new(),
            accounts: None,
            account_rules: AccountRules::default(),
            api_keys: ApiKeyOptions::default(),
            clock: Arc::new(SystemClock::new()),
            entropy: Arc::new(SystemEntropy::new()),
        }
    }

    /// Takes keys, names, lifetimes, the public URL, proxies, origins, the store of limits and the environment from
    /// settings.
    ///
    /// A value set by another method wins over the settings, whichever is called first. Lists are combined: audiences
    /// and trusted origins.
    pub fn settings(mut self, settings: &Settings) -> Self {
        self.tokens.take_from(settings, &mut self.faults);
        self.sessions.take_from(settings);
        self.limits.take_from(settings, &mut self.faults);
        if let Some(proxies) = trusted_proxies(settings, &mut self.faults) {
            self.proxies.take_from_settings(proxies);
        }
        if let Some(url) = settings.public_url.clone() {
            self.public_url.take_from_settings(url);
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
    pub fn allow_password_grant(mut self, on: bool) -> Self {
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

    /// Sets the pool of tests. [`passwords`](Self::passwords) wins over it, and production never uses it.
    #[cfg(feature = "testing")]
    pub(crate) fn passwords_outside_production(mut self, passwords: Passwords) -> Self {
        self.passwords_outside_production = Some(passwords);
        self
    }

    /// Sets whether the events of the guard name the caller, the session and the client's address; `true` by default.
    ///
    /// These are personal data. With `false`, the events of [`guard`](crate::guard) keep the kind of credential alone.
    /// The events of the account endpoints still name the account that they change.
    pub fn callers_in_events(mut self, named: bool) -> Self {
        self.callers_in_events = named;
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
    /// The guards then also accept the accounts' API keys, in `Authorization: Bearer` and in `X-API-Key`. Limits are
    /// counted beside the accounts if they have a [store for it](Accounts::with_limits).
    pub fn accounts(mut self, accounts: &Accounts) -> Self {
        self.limits.beside_accounts = accounts.limits().cloned();
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
}

impl fmt::Debug for AuthBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthBuilder").field("issuer", &self.tokens.issuer()).finish_non_exhaustive()
    }
}
