use super::{Mapping, TokenType};
use crate::{
    policy::IssuerName,
    remote::fetch::{Authority, Endpoint},
    token::Algorithm,
};

/// An issuer whose settings were checked.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) iss: Box<str>,
    pub(crate) name: Option<IssuerName>,
    pub(in crate::remote) keys: Keys,
    /// The issuer's own host and those that its metadata may name.
    pub(in crate::remote) hosts: Vec<Authority>,
    pub(in crate::remote) internal: Vec<Authority>,
    pub(in crate::remote) algorithms: Vec<Algorithm>,
    pub(in crate::remote) rules: Rules,
    pub(in crate::remote) mapping: Mapping,
}

/// Where the keys are.
#[derive(Debug)]
pub(in crate::remote) enum Keys {
    At(Endpoint),
    /// At the URL that these metadata name.
    NamedBy(Endpoint),
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
        let (Keys::At(url) | Keys::NamedBy(url)) = &self.keys;
        url.is_https()
    }
}
