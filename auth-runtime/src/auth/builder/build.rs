use core::mem;
use std::sync::Arc;

#[cfg(feature = "remote")]
use super::trusted::TrustedIssuers;
use super::{AuthBuilder, token_options::Tokens};
use crate::{
    auth::{
        Auth, Faults, account_rules::ApiKeyRules, auth::Engine, challenges::Challenges, cleaning::Cleaning,
        protected_resource::Metadata, readiness::Readiness, reminder::Reminder,
    },
    authn::{ApiKeys, Authenticator, Chain, LastUses, Sessions},
    limit::Limiter,
    password::Passwords,
    policy::Via,
    session::{Lifetimes, Revocations},
    store::Accounts,
    token::AccessVerifier,
};

impl AuthBuilder {
    /// Builds the engine.
    ///
    /// # Errors
    /// Returns [`Faults`] with everything that is missing or unsafe.
    pub fn build(mut self) -> Result<Auth, Faults> {
        let checked = self.check()?;
        Ok(Auth(Arc::new(self.engine(checked))))
    }

    /// Checks all options, so that one start-up shows all faults.
    fn check(&mut self) -> Result<Checked, Faults> {
        let tokens = self.check_tokens();
        self.check_issuers();
        #[cfg(feature = "remote")]
        let trusted = self.check_trusted();
        let metadata = self.metadata();
        let challenges = self.build_challenges(&metadata);
        self.sessions.check(&mut self.faults);
        self.check_cookies();
        self.check_addresses();
        self.limits.check(&mut self.faults);
        self.account_rules.check(&mut self.faults);
        self.check_passwords();
        let api_keys = self.api_keys.check(self.runs_in(), &mut self.faults);
        let checked = tokens.zip(challenges).zip(api_keys);
        let checked = checked.map(|((tokens, challenges), api_keys)| Checked {
            tokens,
            challenges,
            metadata,
            api_keys,
            #[cfg(feature = "remote")]
            trusted,
        });
        mem::take(&mut self.faults).finish_with(checked)
    }

    /// Returns the keys of access tokens. A service that only verifies the tokens of other issuers has no keys.
    fn check_tokens(&mut self) -> Option<Tokens> {
        #[cfg(feature = "remote")]
        if !self.trusted.is_empty() && self.accounts.is_none() && self.tokens.are_absent() {
            return Some(self.tokens.none());
        }
        self.tokens.check(&mut self.faults)
    }

    fn engine(mut self, checked: Checked) -> Engine {
        let Checked { tokens, challenges, metadata, api_keys, .. } = checked;
        let passwords = self.take_passwords().unwrap_or_else(|| Passwords::builder(Arc::clone(&self.entropy)).build());
        let lifetimes = self.sessions.lifetimes(self.tokens.accepted_seconds());
        let limiter = Arc::new(self.limits.limiter());
        let chain = self.chain(tokens.verifier, lifetimes, &api_keys, &limiter);
        #[cfg(feature = "remote")]
        let chain = match checked.trusted {
            Some(issuers) => issuers.join(chain, &self.clock, &self.entropy, &self.addresses()),
            None => chain,
        };
        Engine {
            chain,
            addresses: self.addresses(),
            environment: self.runs_in(),
            account_rules: self.account_rules,
            keys: tokens.keys,
            tokens: tokens.issuer,
            access_token_bytes: self.tokens.most_bytes,
            issuer: self.tokens.issuer().to_owned(),
            audience: self.tokens.audience().to_owned(),
            api_keys,
            password_policy: self.password_policy,
            password_grant: self.password_grant,
            lifetimes,
            refresh_retry: self.sessions.retry(),
            challenges,
            metadata,
            issuers: self.issuers,
            cleaning: self.accounts.as_ref().map(|accounts| Cleaning::new(accounts, &self.clock)),
            address_reminder: Reminder::default(),
            names_callers_in_events: self.callers_in_events,
            readiness: Readiness::new(self.readiness_checks),
            passwords,
            accounts: self.accounts,
            limiter,
            clock: self.clock,
            entropy: self.entropy,
        }
    }

    /// Returns all ways in which the service recognises its callers.
    fn chain(
        &self,
        verifier: AccessVerifier,
        lifetimes: Lifetimes,
        api_keys: &ApiKeyRules,
        limiter: &Arc<Limiter>,
    ) -> Chain {
        let accounts = self.accounts.as_ref();
        let mut others = self.authenticators.clone();
        others.extend(accounts.map(|accounts| self.by_api_key(accounts, api_keys, limiter)));
        Chain {
            tokens: verifier,
            #[cfg(feature = "remote")]
            trusted: None,
            others,
            has_foreign_keys: false,
            kinds_of_application: self.authenticators.iter().fold(Via::NONE, |kinds, one| kinds.or(one.via())),
            revocations: accounts.map(|accounts| Revocations::new(accounts, self.sessions.revocation(), lifetimes)),
            sessions: accounts.map(|accounts| Sessions {
                accounts: accounts.clone(),
                lifetimes,
                issuer: self.tokens.issuer().to_owned(),
                addresses: self.addresses(),
            }),
            cookie: self.cookie(),
            cross_site: self.cross_site(),
        }
    }

    fn by_api_key(&self, accounts: &Accounts, rules: &ApiKeyRules, limiter: &Arc<Limiter>) -> Arc<dyn Authenticator> {
        Arc::new(ApiKeys {
            format: rules.format.clone(),
            issuer: self.tokens.issuer().to_owned(),
            accounts: accounts.clone(),
            limiter: Arc::clone(limiter),
            clock: Arc::clone(&self.clock),
            last_uses: LastUses::default(),
        })
    }

    fn build_challenges(&mut self, metadata: &[Metadata]) -> Option<Challenges> {
        if self.realm.is_empty()
            || !self.realm.bytes().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\'))
        {
            self.faults
                .push("realm", "is no quoted string of RFC 9110: printable ASCII without quotes and backslashes");
            return None;
        }
        let resources = metadata.iter().map(|one| (&*one.resource, &*one.url));
        self.faults.take("protected_resource", Challenges::new(&self.realm, resources, &self.challenges))
    }
}

/// The options that have no safe default, after the check.
struct Checked {
    tokens: Tokens,
    challenges: Challenges,
    metadata: Vec<Metadata>,
    api_keys: ApiKeyRules,
    #[cfg(feature = "remote")]
    trusted: Option<TrustedIssuers>,
}
