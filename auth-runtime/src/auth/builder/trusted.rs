//! Other issuers that this service trusts.

use std::sync::Arc;

use super::AuthBuilder;
use crate::{
    auth::issuers::KnownIssuer,
    authn::{Authenticator, Chain, ForeignCookies, ForeignKeys, OpaqueTokens},
    clock::Clock,
    limit::AddressFinder,
    policy::{IssuerName, Via},
    remote::{Asked, Client, Issuer, Source, Trusted},
    secret::Entropy,
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
                self.faults
                    .push("trust", format!("issuer {place} was given before: call `.trust(…)` once for each `iss`"));
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
        self.check_asked(&sources);
        self.know(&sources);
        let client = Client::new();
        if !client.has_certificates() && sources.iter().any(Source::needs_certificates) {
            self.faults.push("trust", "this machine trusts no certificates; `SSL_CERT_FILE` can name a file of them");
        }
        Some(TrustedIssuers { sources, client })
    }

    /// Checks that each credential is of one issuer alone. Asking two would give one of them a credential of the other.
    fn check_asked(&mut self, sources: &[Source]) {
        if sources.iter().filter(|source| source.takes_opaque_tokens()).count() > 1 {
            let message =
                "two issuers take bearer tokens that are no JWTs; such a token names no issuer, so only one can";
            self.faults.push("trust", format!("{message} (`.jwt_only()` leaves them to the other one)"));
        }
        for (index, source) in sources.iter().enumerate() {
            let mut earlier = sources.iter().take(index);
            if earlier.any(|other| source.session_names().iter().any(|name| other.session_names().contains(name))) {
                self.faults.push("trust", "two issuers take the same cookie; `.cookie_prefix(…)` tells them apart");
            }
        }
        let with_keys = sources.iter().filter(|source| source.takes_api_keys()).count();
        if with_keys > 1 || with_keys == 1 && self.accounts.is_some() {
            self.faults
                .push("trust", "an issuer takes API keys, and so does another one or the accounts of this service");
        }
    }

    /// Adds the issuers to those that policies may name and that the metadata of resources lists.
    ///
    /// A name that two issuers had would let the callers of one pass for those of the other.
    fn know(&mut self, sources: &[Source]) {
        let apart = self.issuers.others.len();
        for source in sources {
            let has_name = |name: Option<IssuerName>| name.is_some() && name == source.name;
            if let Some(name) = source.name
                && (has_name(self.issuers.own_name) || self.issuers.others.iter().any(|other| has_name(other.name)))
            {
                self.faults.push("trust", format!("two issuers have the name `{name}`"));
            }
            if self
                .issuers
                .others
                .iter()
                .take(apart)
                .any(|other| *other.url == *source.iss && other.name != source.name)
            {
                self.faults.push("known_issuer", "is an issuer of `.trust(…)`, too; name it there");
            }
            self.issuers.others.push(KnownIssuer {
                name: source.name,
                url: source.iss.to_string(),
                is_authorization_server: source.is_authorization_server(),
            });
        }
    }
}

/// The checked issuers.
pub(super) struct TrustedIssuers {
    sources: Vec<Source>,
    client: Client,
}

impl TrustedIssuers {
    /// Adds the credentials of these issuers to those that the service recognises.
    pub(super) fn join(
        self,
        chain: Chain,
        clock: &Arc<dyn Clock>,
        entropy: &Arc<dyn Entropy>,
        addresses: &AddressFinder,
    ) -> Chain {
        let (client, sources) = (Arc::new(self.client), self.sources.into_iter().map(Arc::new).collect::<Vec<_>>());
        let asked: Vec<_> =
            sources.iter().filter_map(|source| Asked::of(source, &client, clock, entropy, addresses.clone())).collect();
        let trusted = Trusted::new(sources, client, clock);
        let Chain { mut others, mut kinds_of_application, mut has_foreign_keys, .. } = chain;
        for asked in &asked {
            if asked.takes_cookies() {
                kinds_of_application = kinds_of_application.or(Via::SESSION);
            }
            has_foreign_keys |= asked.takes_api_keys();
            others.extend(authenticators(asked));
        }
        Chain { trusted: Some(trusted), others, kinds_of_application, has_foreign_keys, ..chain }
    }
}

/// Returns the authenticators of the credentials that an issuer is asked about. They stand behind all others, so a
/// credential of this service is never sent to an issuer.
fn authenticators(asked: &Asked) -> impl Iterator<Item = Arc<dyn Authenticator>> {
    let opaque = asked.takes_opaque_tokens().then(|| Arc::new(OpaqueTokens(asked.clone())) as Arc<dyn Authenticator>);
    let cookies = asked.takes_cookies().then(|| Arc::new(ForeignCookies(asked.clone())) as Arc<dyn Authenticator>);
    let keys = asked.takes_api_keys().then(|| Arc::new(ForeignKeys(asked.clone())) as Arc<dyn Authenticator>);
    [opaque, cookies, keys].into_iter().flatten()
}
