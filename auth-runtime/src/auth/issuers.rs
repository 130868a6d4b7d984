use crate::{identity::Identity, policy::IssuerName};

/// The issuers that this service accepts callers from, with the application's names for them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Issuers {
    /// The name of this service's own issuer.
    pub(super) own_name: Option<IssuerName>,
    pub(super) others: Vec<KnownIssuer>,
}

/// An issuer other than this service.
#[derive(Clone, Debug)]
pub(crate) struct KnownIssuer {
    pub(crate) name: Option<IssuerName>,
    /// `iss`, exactly.
    pub(crate) url: String,
    /// Whether clients get access tokens for this service there.
    pub(crate) is_authorization_server: bool,
}

impl Issuers {
    /// Returns the name of the issuer that vouches for the caller. `own` is this service's own issuer.
    ///
    /// The issuer decides, not the authenticator: a caller of this service has the name of its own issuer, even if
    /// the identity says another one.
    pub(crate) fn name_of(&self, caller: &Identity, own: &str) -> Option<IssuerName> {
        if caller.is_user_of(own) {
            return self.own_name;
        }
        caller.issuer_name().or_else(|| self.others.iter().find(|known| known.url == caller.issuer())?.name)
    }

    /// Returns whether an issuer has this name.
    pub(crate) fn knows(&self, name: IssuerName) -> bool {
        self.own_name == Some(name) || self.others.iter().any(|known| known.name == Some(name))
    }

    /// Returns the URLs of the authorization servers other than this service.
    pub(super) fn authorization_servers(&self) -> Vec<&str> {
        let mut urls: Vec<&str> = Vec::new();
        for known in self.others.iter().filter(|known| known.is_authorization_server) {
            if !urls.contains(&&*known.url) {
                urls.push(&known.url);
            }
        }
        urls
    }
}
