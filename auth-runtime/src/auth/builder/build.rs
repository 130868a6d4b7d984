use core::mem;
use std::sync::Arc;

use axum::http::HeaderValue;

use super::{AuthBuilder, token_options::Tokens};
use crate::{
    auth::{Auth, Faults, auth::Engine, cleaning::Cleaning, reminder::Reminder, rules::ApiKeyRules},
    authn::{ApiKeys, Authenticator, Chain, LastUses, Sessions},
    password::Passwords,
    session::Revocations,
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
        let tokens = self.tokens.check(&mut self.faults);
        let realm = self.build_realm();
        self.sessions.check(&mut self.faults);
        self.check_cookies();
        self.check_addresses();
        self.account_rules.check(&mut self.faults);
        let api_keys = self.api_keys.check(self.runs_in(), &mut self.faults);
        let checked = tokens.zip(realm).zip(api_keys);
        let checked = checked.map(|((tokens, realm), api_keys)| Checked { tokens, realm, api_keys });
        mem::take(&mut self.faults).finish_with(checked)
    }

    fn engine(self, Checked { tokens, realm, api_keys }: Checked) -> Engine {
        let (cookie, cross_site, addresses) = (self.cookie(), self.cross_site(), self.addresses());
        let environment = self.runs_in();
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
        let cleaning = self.accounts.as_ref().map(|accounts| Cleaning::new(accounts, &self.clock));
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
        Engine {
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
            refresh_retry: self.sessions.retry(),
            realm,
            cleaning,
            environment,
            address_reminder: Reminder::default(),
            clock: self.clock,
            entropy: self.entropy,
        }
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

/// The options that have no safe default, after the check.
struct Checked {
    tokens: Tokens,
    realm: HeaderValue,
    api_keys: ApiKeyRules,
}
