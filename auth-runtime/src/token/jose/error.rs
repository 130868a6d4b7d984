use core::fmt;

/// The reason why a compact JWS was refused. Operators see it in events; the client gets the same answer for all
/// reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum JoseError {
    /// The token is longer than 16 KiB. It was refused unread.
    TooLong,
    /// The token does not consist of three segments with two dots between them. It is not a compact JWS; it may be a
    /// JWE or a JSON serialisation.
    NotThreeSegments,
    /// A segment is not canonical base64url without padding (RFC 7515, section 2).
    NotBase64Url,
    /// The header is not a single strict JSON object in UTF-8.
    HeaderMalformed,
    /// A member name occurs twice in the header (RFC 7515, section 4).
    HeaderDuplicate,
    /// The header is longer than any useful header.
    HeaderTooLarge,
    /// `alg`, `kid` or `typ` is not a string, or `alg` is missing.
    HeaderMember,
    /// `crit` demands extensions, and this verifier supports no extension (RFC 7515, section 4.1.11).
    Critical,
    /// The header has `b64`, which JWTs must not use (RFC 7797, section 7).
    UnencodedPayload,
    /// The header has `enc` or `zip`: the token is encrypted or compressed.
    Encrypted,
    /// `kid` is longer than 256 bytes.
    KeyIdTooLong,
    /// No configured key has this `kid`.
    UnknownKey,
    /// The `kid` is missing, and there are several keys to choose from.
    AmbiguousKey,
    /// `alg` is not the key's algorithm.
    WrongAlgorithm,
    /// The signature is wrong.
    BadSignature,
}

impl JoseError {
    /// Returns a stable code for events and metrics.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::TooLong => "token_too_long",
            Self::NotThreeSegments => "not_three_segments",
            Self::NotBase64Url => "not_base64url",
            Self::HeaderMalformed => "header_malformed",
            Self::HeaderDuplicate => "header_duplicate",
            Self::HeaderTooLarge => "header_too_large",
            Self::HeaderMember => "header_member",
            Self::Critical => "header_crit",
            Self::UnencodedPayload => "header_b64",
            Self::Encrypted => "header_enc",
            Self::KeyIdTooLong => "kid_too_long",
            Self::UnknownKey => "kid_unknown",
            Self::AmbiguousKey => "kid_missing",
            Self::WrongAlgorithm => "alg_not_of_key",
            Self::BadSignature => "signature_bad",
        }
    }
}

impl fmt::Display for JoseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "the token is longer than 16 KiB",
            Self::NotThreeSegments => "the token has not three segments",
            Self::NotBase64Url => "a segment is not canonical base64url",
            Self::HeaderMalformed => "the header is not a JSON object",
            Self::HeaderDuplicate => "a header member stands twice",
            Self::HeaderTooLarge => "the header is too large",
            Self::HeaderMember => "a header member is missing or of the wrong type",
            Self::Critical => "the header has `crit`",
            Self::UnencodedPayload => "the header has `b64`",
            Self::Encrypted => "the header has `enc` or `zip`",
            Self::KeyIdTooLong => "the key id is too long",
            Self::UnknownKey => "no key has this id",
            Self::AmbiguousKey => "the key id is missing and there are several keys",
            Self::WrongAlgorithm => "the algorithm is not that of the key",
            Self::BadSignature => "the signature does not fit",
        })
    }
}

impl core::error::Error for JoseError {}
