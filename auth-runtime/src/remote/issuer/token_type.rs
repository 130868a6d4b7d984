/// The type of an issuer's access tokens: the `typ` of their headers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenType {
    /// `at+jwt` (RFC 9068). No other kind of token has this type.
    #[default]
    AtJwt,
    /// `JWT`, `at+jwt`, or none, for issuers that do not follow RFC 9068.
    ///
    /// The claims must then show that it is an access token, because ID tokens have the same type. One of these makes
    /// an access token:
    ///
    /// - `typ` is `Bearer` (Keycloak), or `token_use` is `access` (Amazon Cognito). Any other value makes another kind
    ///   of token, which is refused.
    /// - `scope`, `scp`, `client_id`, `appid`, `azpacr` (Entra) or `gty` (Auth0) is present and not `null`. The claims
    ///   `nonce`, `at_hash`, `c_hash` and `events` of ID tokens and logout tokens are absent.
    Jwt,
    /// `JWT`, `at+jwt`, or none, and the claim `typ` is `Bearer`. Keycloak writes it into access tokens alone.
    JwtBearer,
    /// `JWT` or none: an ID token that a program has fetched to call this service, as the service accounts of Google
    /// do.
    ///
    /// A token with one of `nonce`, `at_hash`, `c_hash`, `events`, `typ` and `token_use` is of another kind, and
    /// refused. Give the issuer this service's own URL as audience. The identifier of a sign-in client would admit the
    /// ID tokens of its users.
    ServiceIdToken,
    /// `JWT` or none, as the JWT plugin of better-auth writes it.
    ///
    /// The same keys sign other tokens. A token with one of `nonce`, `at_hash`, `c_hash`, `events`, `typ` and
    /// `token_use`, or with another type in its header, is refused. So is a token that says `banned`.
    BetterAuth,
}

impl TokenType {
    /// Returns whether a token may have this `typ` in its header. Media types ignore case (RFC 7515, section 4.1.9).
    pub(in crate::remote) fn accepts(self, typ: Option<&str>) -> bool {
        let Some(typ) = typ else { return self != Self::AtJwt };
        let typ = match typ.split_at_checked(PREFIX.len()) {
            Some((prefix, rest)) if prefix.eq_ignore_ascii_case(PREFIX) => rest,
            _ => typ,
        };
        let (is_access, is_plain) = (typ.eq_ignore_ascii_case("at+jwt"), typ.eq_ignore_ascii_case("jwt"));
        match self {
            Self::AtJwt => is_access,
            Self::Jwt | Self::JwtBearer => is_access || is_plain,
            Self::ServiceIdToken | Self::BetterAuth => is_plain,
        }
    }
}

/// The part of a media type that `typ` may leave out.
const PREFIX: &str = "application/";
