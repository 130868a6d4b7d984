use secrecy::SecretString;

/// How the user proved who they are.
#[derive(Clone, Copy)]
pub(crate) enum Proof<'a> {
    /// By the account's password.
    Password(&'a SecretString),
    /// The application recognised the user.
    Recognised {
        /// The methods of RFC 8176, separated by spaces.
        amr: &'a str,
        /// The address that the account must have, if the proof was sent to it.
        email: Option<&'a str>,
    },
}

impl Proof<'_> {
    /// Returns the methods of authentication (RFC 8176), separated by spaces.
    pub(super) fn amr(&self) -> &str {
        match self {
            Self::Password(_) => "pwd",
            Self::Recognised { amr, .. } => amr,
        }
    }
}
