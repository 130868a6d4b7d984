//! What is set for browsers: whose pages may use their sessions, and how their cookie travels.

use crate::{
    auth::{Environment, from_settings},
    csrf::{CrossSite, OriginFault},
    session::SessionCookie,
};

use super::AuthBuilder;

impl AuthBuilder {
    /// One more origin whose pages may use a browser's session, beside this service's own: scheme, host and port, such as
    /// `https://app.example.com`.
    pub fn trusted_origin(mut self, origin: &str) -> Self {
        self.origin_faults.extend(self.trusted_origins.add(origin).err());
        self
    }

    /// Whether the session's cookie goes over plain HTTP: without `Secure`, and as
    /// `auth-runtime-session` instead of `__Host-session`; not by default. For a developer's machine: refused in production.
    pub fn insecure_cookies(mut self, on: bool) -> Self {
        self.insecure_cookies.say(on);
        self
    }

    /// Whether sign-out also sends `Clear-Site-Data: "cookies"`; not by default.
    ///
    /// The session's cookie is expired either way. The header deletes all cookies of the whole registrable domain with all
    /// its subdomains: sent by `app.example.com`, it signs the person out of `shop.example.com` as well
    /// ([Clear Site Data, section 4.2.2](https://www.w3.org/TR/clear-site-data/#clear-cookies)). Turn it on only where every
    /// cookie of that domain may go.
    pub fn clear_site_data(mut self, on: bool) -> Self {
        self.account_rules.clears_site_data = on;
        self
    }

    /// Where the service runs; in production by default, or where [`settings`](Self::settings) say. API keys carry it.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment.say(environment);
        self
    }

    pub(super) fn runs_in(&self) -> Environment {
        self.environment.copied_or(Environment::Production)
    }

    fn sends_insecure_cookies(&self) -> bool {
        self.insecure_cookies.copied_or(false)
    }

    pub(super) fn check_cookies(&mut self) {
        if self.sends_insecure_cookies() && self.runs_in() == Environment::Production {
            self.faults.push("insecure_cookies", from_settings::INSECURE_IN_PRODUCTION);
        }
        if self.trusted_origins.has_insecure() && !self.sends_insecure_cookies() {
            self.origin_faults.push(OriginFault::Insecure);
        }
        for fault in &self.origin_faults {
            self.faults.push("trusted_origin", fault.to_string());
        }
    }

    pub(super) fn cookie(&self) -> SessionCookie {
        if self.sends_insecure_cookies() { SessionCookie::Insecure } else { SessionCookie::Secure }
    }

    pub(super) fn cross_site(&self) -> CrossSite {
        CrossSite { trusted: self.trusted_origins.clone(), allows_plain_http: self.sends_insecure_cookies() }
    }
}
