use secrecy::SecretString;

use super::{Mapping, Proof, TokenType};
use crate::{
    policy::IssuerName,
    remote::fetch::{Authority, Endpoint},
    token::Algorithm,
};

/// An issuer with checked settings.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) iss: Box<str>,
    pub(crate) name: Option<IssuerName>,
    pub(in crate::remote) keys: Keys,
    /// The issuer's own host and those that its metadata may name.
    pub(in crate::remote) hosts: Vec<Authority>,
    pub(in crate::remote) internal: Vec<Authority>,
    pub(in crate::remote) algorithms: Vec<Algorithm>,
    /// The issuers that a published key may name, if it names one. Empty if this issuer's keys name no issuer.
    pub(in crate::remote) key_issuers: Vec<Box<str>>,
    pub(in crate::remote) rules: Rules,
    pub(in crate::remote) mapping: Mapping,
    pub(in crate::remote) asked: Asked,
}

/// What the issuer is asked.
#[derive(Debug)]
pub(in crate::remote) enum Asked {
    Nothing,
    Introspection(IntrospectionSource),
    BetterAuth(BetterAuthSource),
}

/// How an issuer is asked about opaque tokens.
#[derive(Clone, Debug)]
pub(in crate::remote) struct IntrospectionSource {
    pub(in crate::remote) client: Box<str>,
    pub(in crate::remote) proof: Proof,
    pub(in crate::remote) at: AskedAt,
    pub(in crate::remote) needs_audience: bool,
}

/// Where an issuer is asked.
#[derive(Clone, Debug)]
pub(in crate::remote) enum AskedAt {
    Url(Endpoint),
    /// At the URL that these metadata name.
    NamedBy(Endpoint),
}

/// How a better-auth server is asked.
#[derive(Clone, Debug)]
pub(in crate::remote) struct BetterAuthSource {
    pub(in crate::remote) session: Endpoint,
    /// The names of its cookie, each with `=`. The first wins where both are there: other sites cannot set it.
    pub(in crate::remote) cookies: [Box<str>; 2],
    /// Whether its cookie and its session tokens are credentials.
    pub(in crate::remote) has_sessions: bool,
    pub(in crate::remote) api_keys: Option<ApiKeysSource>,
}

/// The route that verifies API keys.
#[derive(Clone, Debug)]
pub(in crate::remote) struct ApiKeysSource {
    pub(in crate::remote) url: Endpoint,
    pub(in crate::remote) token: SecretString,
}

/// Where the keys are.
#[derive(Debug)]
pub(in crate::remote) enum Keys {
    At(Endpoint),
    /// At the URL that these metadata name.
    NamedBy(Endpoint),
    /// There are no keys: this service asks the issuer about each token.
    Nowhere,
}

/// The rules for the claims of an issuer's tokens. Times are seconds.
#[derive(Debug)]
pub(in crate::remote) struct Rules {
    pub(in crate::remote) token_type: TokenType,
    pub(in crate::remote) audiences: Vec<Box<str>>,
    pub(in crate::remote) clock_skew: i64,
    pub(in crate::remote) expiry_leeway: i64,
    pub(in crate::remote) max_age: i64,
}

impl Source {
    /// Returns whether any document is fetched over TLS.
    pub(crate) fn needs_certificates(&self) -> bool {
        let keys = match &self.keys {
            Keys::At(url) | Keys::NamedBy(url) => url.is_https(),
            Keys::Nowhere => false,
        };
        keys || match &self.asked {
            Asked::Nothing => false,
            Asked::Introspection(IntrospectionSource { at: AskedAt::Url(url) | AskedAt::NamedBy(url), .. }) => {
                url.is_https()
            }
            Asked::BetterAuth(BetterAuthSource { session, api_keys, .. }) => {
                session.is_https() || api_keys.as_ref().is_some_and(|keys| keys.url.is_https())
            }
        }
    }

    /// Returns whether clients get access tokens at the issuer. Neither better-auth's JWTs nor Google's ID tokens come
    /// from an OAuth flow for this service.
    pub(crate) fn is_authorization_server(&self) -> bool {
        !matches!(self.rules.token_type, TokenType::BetterAuth | TokenType::ServiceIdToken)
    }

    /// Returns whether the issuer publishes keys for JWTs.
    pub(in crate::remote) fn has_keys(&self) -> bool {
        !matches!(self.keys, Keys::Nowhere)
    }

    /// Returns whether bearer tokens that are no JWTs are of this issuer.
    pub(crate) fn takes_opaque_tokens(&self) -> bool {
        match &self.asked {
            Asked::Nothing => false,
            Asked::Introspection(_) => true,
            Asked::BetterAuth(settings) => settings.has_sessions,
        }
    }

    /// Returns the names of the cookies that continue sessions of this issuer, with `=`.
    pub(crate) fn session_names(&self) -> &[Box<str>] {
        match &self.asked {
            Asked::BetterAuth(BetterAuthSource { has_sessions: true, cookies, .. }) => cookies,
            _ => &[],
        }
    }

    /// Returns whether API keys are of this issuer.
    pub(crate) fn takes_api_keys(&self) -> bool {
        matches!(&self.asked, Asked::BetterAuth(BetterAuthSource { api_keys: Some(_), .. }))
    }
}
