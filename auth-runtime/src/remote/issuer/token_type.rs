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
    /// - `scope`, `scp`, `client_id` or `appid` is present, and none of `nonce`, `at_hash`, `c_hash` and `events`,
    ///   which ID tokens and logout tokens have.
    Jwt,
}

impl TokenType {
    /// Returns whether a token may have this `typ` in its header. Media types ignore case (RFC 7515, section 4.1.9).
    pub(in crate::remote) fn accepts(self, typ: Option<&str>) -> bool {
        let Some(typ) = typ else { return self == Self::Jwt };
        let typ = match typ.split_at_checked(PREFIX.len()) {
            Some((prefix, rest)) if prefix.eq_ignore_ascii_case(PREFIX) => rest,
            _ => typ,
        };
        typ.eq_ignore_ascii_case("at+jwt") || (self == Self::Jwt && typ.eq_ignore_ascii_case("jwt"))
    }
}

/// The part of a media type that `typ` may leave out.
const PREFIX: &str = "application/";
