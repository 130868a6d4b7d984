use core::fmt;
use std::sync::Arc;

use secrecy::SecretString;

use crate::token::{Algorithm, SigningKey};

/// How an issuer is asked about tokens that are no JWTs (RFC 7662).
///
/// [`Issuer::introspection`](super::Issuer::introspection) takes it.
///
/// ```
/// use auth_runtime::remote::{Introspection, Issuer};
///
/// let introspection = Introspection::with_secret("notes-api", "the client's secret".into());
/// let issuer = Issuer::oidc("https://login.example.com").audience("https://api.example.com");
/// let issuer = issuer.introspection(introspection);
/// # drop(issuer);
/// ```
#[derive(Clone)]
#[must_use]
pub struct Introspection {
    pub(in crate::remote) client: Box<str>,
    pub(in crate::remote) proof: Proof,
    pub(in crate::remote) endpoint: Option<String>,
    pub(in crate::remote) needs_audience: bool,
}

/// How this service proves to the issuer who it is.
#[derive(Clone, Debug)]
pub(in crate::remote) enum Proof {
    /// `client_secret_basic`.
    Secret(SecretString),
    /// `private_key_jwt` (RFC 7523).
    Key(Arc<SigningKey>),
}

impl Introspection {
    /// Creates the introspection by a client with a secret, which is sent by HTTP Basic.
    pub fn with_secret(client_id: &str, secret: SecretString) -> Self {
        Self::new(client_id, Proof::Secret(secret))
    }

    /// Creates the introspection by a client with a private key, which signs a short-lived JWT for each question
    /// (`private_key_jwt`). The issuer knows the public key by the [id](SigningKey::id) of the key.
    pub fn with_key(client_id: &str, key: SigningKey) -> Self {
        Self::new(client_id, Proof::Key(Arc::new(key)))
    }

    fn new(client_id: &str, proof: Proof) -> Self {
        Self { client: client_id.into(), proof, endpoint: None, needs_audience: true }
    }

    /// Sets the URL of the introspection. Without it, the issuer's metadata name it. They are read once, with the first
    /// question.
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoint = Some(url.into());
        self
    }

    /// Accepts answers without `aud`, for an issuer that shows a client only the tokens that are meant for it. The
    /// answer has then to say `"token_type": "Bearer"`. An answer that names other services is refused in any case.
    ///
    /// With an issuer that shows every client all tokens, this admits tokens for other services.
    pub fn allow_missing_audience(mut self) -> Self {
        self.needs_audience = false;
        self
    }

    /// Returns the mistakes in the settings.
    pub(in crate::remote) fn fault(&self) -> Option<&'static str> {
        match &self.proof {
            _ if self.client.is_empty() => Some("`introspection` has no client identifier"),
            Proof::Secret(secret) if is_empty(secret) => Some("`introspection` has an empty secret"),
            Proof::Key(key) if key.algorithm() == Algorithm::HS256 => {
                Some("`introspection` has a secret as its key: call `Introspection::with_secret`")
            }
            _ => None,
        }
    }
}

fn is_empty(secret: &SecretString) -> bool {
    secrecy::ExposeSecret::expose_secret(secret).is_empty()
}

/// Prints the client, never its secret.
impl fmt::Debug for Introspection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Introspection")
            .field("client", &self.client)
            .field("endpoint", &self.endpoint)
            .field("needs_audience", &self.needs_audience)
            .finish_non_exhaustive()
    }
}
