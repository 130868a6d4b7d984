//! Other issuers whose tokens are accepted.

use std::sync::Arc;

use super::AuthBuilder;
use crate::{
    auth::issuers::KnownIssuer,
    clock::Clock,
    policy::IssuerName,
    remote::{Client, Issuer, Source, Trusted},
};

impl AuthBuilder {
    /// Accepts the tokens of another issuer. Call it once for each issuer.
    ///
    /// A service that only verifies the tokens of other issuers needs no [`keys`](Self::keys), no
    /// [`issuer`](Self::issuer) and no [`audience`](Self::audience). All three are left out then.
    pub fn trust(mut self, issuer: Issuer) -> Self {
        self.trusted.push(issuer);
        self
    }

    /// Checks the issuers, so that one start-up shows all faults. Messages tell them apart by their order.
    pub(super) fn check_trusted(&mut self) -> Option<TrustedIssuers> {
        if self.trusted.is_empty() {
            return None;
        }
        let own = self.tokens.issuer().to_owned();
        let mut sources: Vec<Source> = Vec::new();
        for (index, issuer) in self.trusted.iter().enumerate() {
            let place = index.saturating_add(1);
            if !own.is_empty() && issuer.iss() == own {
                let message = "is this service's own: its callers would be the users of this service";
                self.faults.push("trust", format!("issuer {place} {message}"));
            }
            let mut earlier = self.trusted.iter().take(index);
            if earlier.any(|other| other.iss() == issuer.iss()) {
                self.faults.push("trust", format!("issuer {place} was given before"));
            }
            match issuer.clone().check() {
                Ok(source) => sources.push(source),
                Err(faults) => {
                    for fault in faults {
                        self.faults.push("trust", format!("issuer {place}: {fault}"));
                    }
                }
            }
        }
        self.know(&sources);
        let client = Client::new();
        if !client.has_certificates() && sources.iter().any(Source::needs_certificates) {
            self.faults.push("trust", "this machine trusts no certificates; `SSL_CERT_FILE` can name a file of them");
        }
        Some(TrustedIssuers { sources, client })
    }

    /// Adds the issuers to those that policies may name and that the metadata of resources lists.
    ///
    /// A name that two issuers had would let the callers of one pass for those of the other.
    fn know(&mut self, sources: &[Source]) {
        for source in sources {
            let has_name = |name: Option<IssuerName>| name.is_some() && name == source.name;
            if let Some(name) = source.name
                && (has_name(self.issuers.own_name) || self.issuers.others.iter().any(|other| has_name(other.name)))
            {
                self.faults.push("trust", format!("two issuers have the name `{name}`"));
            }
            if self.issuers.others.iter().any(|other| *other.url == *source.iss && other.name != source.name) {
                self.faults.push("known_issuer", "is an issuer of `.trust(…)`, too; name it there");
            }
            self.issuers.others.push(KnownIssuer { name: source.name, url: source.iss.to_string() });
        }
    }
}

/// The checked issuers.
pub(super) struct TrustedIssuers {
    sources: Vec<Source>,
    client: Client,
}

impl TrustedIssuers {
    pub(super) fn connect(self, clock: &Arc<dyn Clock>) -> Trusted {
        Trusted::new(self.sources, self.client, clock)
    }
}
