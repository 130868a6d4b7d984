use core::time::Duration;

use super::{ClaimPath, Introspection, Mapping, TokenType, better_auth::BetterAuth};
use crate::{
    policy::{IssuerName, TrustedIssuer},
    token::{Algorithm, CLOCK_SKEW_SECONDS},
};

/// An issuer that this service trusts, and the form of its tokens.
///
/// [`AuthBuilder::trust`](crate::auth::AuthBuilder::trust) takes it, and reports its faults when the engine is built.
///
/// ```
/// use auth_runtime::{Auth, remote::Issuer};
///
/// # fn main() -> Result<(), auth_runtime::auth::Faults> {
/// let corporate = Issuer::oidc("https://login.example.com/").audience("https://api.example.com");
/// let auth = Auth::builder().trust(corporate).build()?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Issuer {
    pub(super) iss: String,
    pub(super) name: Option<IssuerName>,
    pub(super) metadata: Option<MetadataKind>,
    pub(super) jwks: Option<String>,
    pub(super) audiences: Vec<Box<str>>,
    /// `None` is every algorithm with public keys.
    pub(super) algorithms: Option<Vec<Algorithm>>,
    /// The issuers that a published key may name; any if there are none.
    pub(super) key_issuers: Vec<Box<str>>,
    pub(super) token_type: TokenType,
    pub(super) clock_skew: Duration,
    pub(super) expiry_leeway: Duration,
    pub(super) max_token_age: Duration,
    pub(super) mapping: Mapping,
    /// Whether the application has said where the roles are. A preset's claim gives way to it.
    pub(super) is_mapped: bool,
    pub(super) is_mapped_twice: bool,
    /// The mistake in a preset's argument.
    pub(super) preset_fault: Option<&'static str>,
    pub(super) hosts: Vec<String>,
    pub(super) internal: Vec<String>,
    pub(super) introspection: Option<Introspection>,
    pub(super) better_auth: Option<BetterAuth>,
}

/// The document that names the URL of the keys.
#[derive(Clone, Copy, Debug)]
pub(super) enum MetadataKind {
    OpenId,
    OAuth,
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Issuer {
    /// Creates an issuer that OpenID Connect Discovery describes: `url` is exactly its `iss`, and its metadata stand at
    /// `url` followed by `/.well-known/openid-configuration`.
    pub fn oidc(url: impl Into<String>) -> Self {
        Self { metadata: Some(MetadataKind::OpenId), ..Self::new(url) }
    }

    /// Creates an issuer that RFC 8414 describes: `url` is exactly its `iss`, and its metadata stand at
    /// `/.well-known/oauth-authorization-server` of its host, followed by the path of `url`.
    pub fn oauth(url: impl Into<String>) -> Self {
        Self { metadata: Some(MetadataKind::OAuth), ..Self::new(url) }
    }

    /// Creates an issuer without metadata: `iss` is exactly what its tokens name. [`jwks`](Self::jwks) says where its
    /// keys are.
    pub fn new(iss: impl Into<String>) -> Self {
        Self {
            iss: iss.into(),
            name: None,
            metadata: None,
            jwks: None,
            audiences: Vec::new(),
            algorithms: None,
            key_issuers: Vec::new(),
            token_type: TokenType::default(),
            clock_skew: Duration::from_secs(CLOCK_SKEW_SECONDS.into()),
            expiry_leeway: Duration::ZERO,
            max_token_age: DAY,
            mapping: Mapping::default(),
            is_mapped: false,
            is_mapped_twice: false,
            preset_fault: None,
            hosts: Vec::new(),
            internal: Vec::new(),
            introspection: None,
            better_auth: None,
        }
    }

    /// Sets the application's own name for the issuer, by which policies ask for it.
    pub fn name(mut self, name: impl TrustedIssuer) -> Self {
        self.name = Some(name.issuer_name());
        self
    }

    /// Sets the URL of the keys. The metadata are then not fetched.
    pub fn jwks(mut self, url: impl Into<String>) -> Self {
        self.jwks = Some(url.into());
        self
    }

    /// Accepts tokens of the issuer that are no JWTs, and asks the issuer about them (RFC 7662).
    ///
    /// What the issuer says is remembered for 30 seconds at most, so a revoked token works for no longer. A token that
    /// is no JWT names no issuer, and asking several would give the token to all of them. So one issuer only can have
    /// it. An issuer with only this kind of token needs no [`jwks`](Self::jwks).
    pub fn introspection(mut self, introspection: Introspection) -> Self {
        self.introspection = Some(introspection);
        self
    }

    /// Adds a name of this service. A token has to name at least one of them in `aud`.
    pub fn audience(mut self, audience: &str) -> Self {
        self.audiences.push(audience.into());
        self
    }

    /// Sets the algorithms of the issuer's keys; by default ES256, EdDSA, RS256 and PS256. HS256 is refused, since a
    /// published key cannot be secret, and so is an empty list.
    ///
    /// A published key without `alg` is used only where one algorithm here fits its type.
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        self.algorithms = Some(algorithms.into_iter().collect());
        self
    }

    /// Sets the type of the access tokens; [`TokenType::AtJwt`] by default.
    pub fn token_type(mut self, token_type: TokenType) -> Self {
        self.token_type = token_type;
        self
    }

    /// Sets how far the `iat` or `nbf` of a token may lie in the future, for an issuer with a clock that is ahead. It
    /// is 0 to 60 whole seconds, 60 by default.
    pub fn clock_skew(mut self, skew: Duration) -> Self {
        self.clock_skew = skew;
        self
    }

    /// Sets how long after its `exp` a token is accepted: 0 to 60 whole seconds, 0 by default.
    pub fn expiry_leeway(mut self, leeway: Duration) -> Self {
        self.expiry_leeway = leeway;
        self
    }

    /// Sets the maximum age of a token, counted from its `iat`: 1 second to 30 days, in whole seconds; a day by
    /// default. A token that outlives this age is refused from the start.
    ///
    /// Without `iat`, the rest of the token's life may be this long.
    pub fn max_token_age(mut self, age: Duration) -> Self {
        self.max_token_age = age;
        self
    }

    /// Sets the claim that has the roles: an array of strings, or a string with commas. Without it, callers of this
    /// issuer have no roles, unless a preset like [`keycloak`](Self::keycloak) names a claim. This method replaces
    /// the preset's claim.
    ///
    /// There is one such claim, so that the roles of two clients are never mixed.
    pub fn roles_at(mut self, path: impl Into<ClaimPath>) -> Self {
        self.is_mapped_twice |= self.is_mapped;
        self.is_mapped = true;
        self.mapping.roles = Some(path.into());
        self
    }

    /// Sets the beginning of the roles that count. It is removed from their names; other roles are left out.
    pub fn role_prefix(mut self, prefix: &str) -> Self {
        self.mapping.role_prefix = prefix.into();
        self
    }

    /// Sets the claim that has the scopes: a string with spaces, or an array of strings; `scope` by default.
    pub fn scopes_at(mut self, path: impl Into<ClaimPath>) -> Self {
        self.mapping.scopes = path.into();
        self
    }

    /// Sets the beginning of the scopes that count. It is removed from their names; other scopes are left out.
    pub fn scope_prefix(mut self, prefix: &str) -> Self {
        self.mapping.scope_prefix = prefix.into();
        self
    }

    /// Adds a host, as `host` or `host:port`, at which the metadata may say that the keys are. By default only the
    /// issuer's own host and port are allowed.
    pub fn allow_host(mut self, host: impl Into<String>) -> Self {
        self.hosts.push(host.into());
        self
    }

    /// Allows that the host of this URL has private, loopback or link-local addresses. Without it, the host is refused,
    /// since the owner of its name could otherwise make this service connect to its own network.
    pub fn internal(mut self, url: impl Into<String>) -> Self {
        self.internal.push(url.into());
        self
    }
}
