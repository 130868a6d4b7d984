//! The settings for browsers: which origins may use their sessions, and how their cookie is sent.

use crate::{
    auth::{Environment, settings::values::INSECURE_IN_PRODUCTION},
    csrf::{CrossSite, OriginFault},
    session::{OwnPath, SessionCookie},
};

use super::AuthBuilder;

impl AuthBuilder {
    /// Adds a trusted origin: its pages may use a browser's session, like this service's own pages. An origin is
    /// scheme, host and port, for example `https://app.example.com`.
    pub fn trusted_origin(mut self, origin: &str) -> Self {
        self.origin_faults.extend(self.trusted_origins.add(origin).err());
        self
    }

    /// Sets whether the session's cookie is also sent over plain HTTP; `false` by default. The cookie then has no
    /// `Secure`, and is named `auth-runtime-session` instead of `__Host-session`. Use it on a developer's machine; it
    /// is refused in production.
    pub fn allow_insecure_cookies(mut self, on: bool) -> Self {
        self.insecure_cookies.set(on);
        self
    }

    /// Sets the page with the form that signs in, for example `/sign-in`. There is no default. The form posts to
    /// `/auth/session`, and a refused sign-in leads back here with `?error=invalid-credentials`, or another
    /// [code](crate::guide::problem_codes). Without this page, a refused form is answered with a problem document.
    ///
    /// The path has no query and no fragment.
    pub fn sign_in_page(mut self, path: &str) -> Self {
        self.account_rules.sign_in_page = self.plain_page("sign_in_page", path);
        self
    }

    /// Sets the page after a sign-in by a form; `/` by default. A path of this service in the form's field `return_to`
    /// takes its place.
    pub fn signed_in_page(mut self, path: &str) -> Self {
        match OwnPath::parse(path) {
            Ok(page) => self.account_rules.signed_in_page = page,
            Err(error) => self.faults.push("signed_in_page", error.to_string()),
        }
        self
    }

    /// Sets the page on which a person sets a new password, for example `/new-password`; none by default. A sign-in by
    /// a form leads here if it was the last one by this password (see
    /// [`accept_truncated_bcrypt`](crate::password::PasswordsBuilder::accept_truncated_bcrypt)). A way back in the
    /// form comes along as `?return_to=`.
    ///
    /// The page posts to `/auth/password`, which needs no old password for five minutes. Without this page, the usual
    /// page gets the parameter `password_change_required=true`.
    ///
    /// The path has no query and no fragment.
    pub fn password_change_page(mut self, path: &str) -> Self {
        self.account_rules.password_change_page = self.plain_page("password_change_page", path);
        self
    }

    /// Parses the path of a page that gets parameters.
    fn plain_page(&mut self, setting: &'static str, path: &str) -> Option<OwnPath> {
        match OwnPath::parse(path) {
            Ok(page) if !page.has_query() => return Some(page),
            Ok(_) => self.faults.push(setting, "has a query or a fragment: write the path alone"),
            Err(error) => self.faults.push(setting, error.to_string()),
        }
        None
    }

    /// Sets whether sign-out also sends `Clear-Site-Data: "cookies"`; `false` by default.
    ///
    /// Sign-out expires the session's cookie in any case. The header deletes all cookies of the whole registrable
    /// domain with all its subdomains. Sent by `app.example.com`, it also signs the person out of `shop.example.com`
    /// ([Clear Site Data, section 4.2.2](https://www.w3.org/TR/clear-site-data/#clear-cookies)). Turn it on only if
    /// every cookie of that domain may be deleted.
    pub fn clear_site_data(mut self, on: bool) -> Self {
        self.account_rules.clears_site_data = on;
        self
    }

    /// Sets where the service runs. The default is the environment in [`settings`](Self::settings), or production. API
    /// keys contain it.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment.set(environment);
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
            self.faults.push("allow_insecure_cookies", INSECURE_IN_PRODUCTION);
        }
        for fault in &self.origin_faults {
            self.faults.push("trusted_origin", fault.to_string());
        }
        if self.trusted_origins.insecure().next().is_some() && !self.sends_insecure_cookies() {
            let in_production = self.runs_in() == Environment::Production;
            let switch =
                if in_production { "" } else { ", or on your own machine call `allow_insecure_cookies(true)`" };
            self.faults.push("trusted_origin", format!("{}{switch}", OriginFault::Insecure));
        }
    }

    pub(super) fn cookie(&self) -> SessionCookie {
        if self.sends_insecure_cookies() { SessionCookie::Insecure } else { SessionCookie::Secure }
    }

    pub(super) fn cross_site(&self) -> CrossSite {
        CrossSite {
            trusted: self.trusted_origins.clone(),
            allows_plain_http: self.sends_insecure_cookies(),
            proxies: self.known_proxies(),
        }
    }
}
