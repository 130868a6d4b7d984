use secrecy::SecretString;

/// How the user proved who they are.
#[derive(Clone, Copy)]
pub(crate) enum Proof<'a> {
    /// By the account's password.
    Password(&'a SecretString),
    /// The application recognised the user.
    Recognised(Recognition<'a>),
}

/// How the application recognised the user.
#[derive(Clone, Copy)]
pub(crate) struct Recognition<'a> {
    /// The methods of RFC 8176, separated by spaces.
    pub(crate) amr: &'a str,
    /// The address that the account must have, if the proof is one of an address: it was sent there, or a provider has
    /// verified the address.
    pub(crate) email: Option<&'a str>,
}

impl Proof<'_> {
    /// Returns the methods of authentication (RFC 8176), separated by spaces.
    pub(super) fn amr(&self) -> &str {
        match self {
            Self::Password(_) => "pwd",
            Self::Recognised(Recognition { amr, .. }) => amr,
        }
    }
}

impl Recognition<'_> {
    /// Returns whether the proof is one of an account with this address.
    pub(crate) fn fits(&self, address: &str) -> bool {
        self.email.is_none_or(|email| email == address)
    }
}
