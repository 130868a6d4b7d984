//! The methods for clients that find their issuer by this service's metadata, and for the issuers themselves.

use crate::{
    auth::{
        Environment, ProtectedResource,
        issuers::KnownIssuer,
        protected_resource::Metadata,
        public_url::PublicUrl,
        settings::values::{PLAIN_PUBLIC_URL, PUBLIC_URL},
    },
    error::Challenge,
    policy::TrustedIssuer,
};

use super::AuthBuilder;

impl AuthBuilder {
    /// Sets the URL at which clients reach this service, such as `https://api.example.com`: where `/` of the router is.
    /// Behind a proxy that removes a path, the URL has this path.
    pub fn public_url(mut self, url: &str) -> Self {
        match url.parse() {
            Ok(url) => self.public_url.set(url),
            Err(fault) => self.public_url_fault = Some(fault),
        }
        self
    }

    /// Declares a protected resource of this service (RFC 9728). It needs the [public URL](Self::public_url).
    ///
    /// The challenges of 401 and 403 in the resource then name its metadata in `resource_metadata`, so that a client
    /// finds the issuer. [`metadata::routes`](crate::metadata::routes) serves the metadata.
    pub fn protected_resource(mut self, resource: ProtectedResource) -> Self {
        self.resources.push(resource);
        self
    }

    /// Adds a challenge to each 401, for the scheme of an [authenticator](Self::authenticator). It stands behind the
    /// challenge of bearer tokens.
    pub fn challenge(mut self, challenge: Challenge) -> Self {
        self.challenges.push(challenge);
        self
    }

    /// Gives an issuer a name, by which `#[protected(issuer = …)]` asks for it. `url` is its `iss`, exactly.
    ///
    /// It is for issuers that an [authenticator](Self::authenticator) of the application verifies. An identity has this
    /// name when its [`issuer`](crate::Identity::issuer) is `url`. An issuer may have several URLs. The metadata of
    /// protected resources lists the URL.
    pub fn known_issuer(mut self, name: impl TrustedIssuer, url: impl Into<String>) -> Self {
        let (name, url) = (Some(name.issuer_name()), url.into());
        self.issuers.others.push(KnownIssuer { name, url, is_authorization_server: true });
        self
    }

    /// Gives this service's own issuer a name, by which `#[protected(issuer = …)]` asks for it.
    pub fn own_issuer_name(mut self, name: impl TrustedIssuer) -> Self {
        self.issuers.own_name = Some(name.issuer_name());
        self
    }

    /// Checks the issuers' names: one name for each URL, and none that two issuers share with this service.
    pub(super) fn check_issuers(&mut self) {
        for (at, known) in self.issuers.others.iter().enumerate() {
            let (setting, message) = match known {
                known if known.url.is_empty() => ("known_issuer", "has no URL; write the issuer's `iss`"),
                known if known.url == self.tokens.issuer() => {
                    ("known_issuer", "is this service's own issuer; name it by `.own_issuer_name(…)`")
                }
                known if known.name.is_some() && known.name == self.issuers.own_name => {
                    ("own_issuer_name", "is the name of another issuer, too; give each a variant of its own")
                }
                known if self.issuers.others.iter().take(at).any(|other| other.url == known.url) => {
                    ("known_issuer", "is given twice with one URL; keep one of the two names")
                }
                _ => continue,
            };
            self.faults.push(setting, message);
        }
    }

    /// Checks the resources, and writes their metadata.
    pub(super) fn metadata(&mut self) -> Vec<Metadata> {
        if let Some(fault) = self.public_url_fault {
            self.faults.push("public_url", fault.to_string());
        }
        for (at, resource) in self.resources.iter().enumerate() {
            resource.faults().for_each(|fault| self.faults.push("protected_resource", fault));
            if self.resources.iter().take(at).any(|other| other.path() == resource.path()) {
                self.faults.push("protected_resource", "is given twice with one path; keep one");
            }
        }
        match self.public_url.get() {
            Some(url) if url.is_plain_http() && self.runs_in() == Environment::Production => {
                self.faults.push("public_url", PLAIN_PUBLIC_URL);
                Vec::new()
            }
            Some(url) => self.described(url),
            None => {
                if !self.resources.is_empty() && self.public_url_fault.is_none() {
                    self.faults.missing(
                        PUBLIC_URL,
                        "is missing beside `.protected_resource(…)`; write the URL at which clients reach this service, such \
                         as `https://api.example.com`",
                    );
                }
                Vec::new()
            }
        }
    }

    fn described(&self, url: &PublicUrl) -> Vec<Metadata> {
        let issuers = self.issuers.authorization_servers();
        self.resources.iter().map(|resource| Metadata::of(resource, url, &issuers)).collect()
    }
}
