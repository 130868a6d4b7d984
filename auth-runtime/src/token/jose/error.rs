use core::fmt;

/// Why a compact JWS was refused. For operators: the client is told one thing for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum JoseError {
    /// Longer than 16 KiB; nothing else was looked at.
    TooLong,
    /// Not three segments with two dots between them: no compact JWS, perhaps a JWE or a JSON serialisation.
    NotThreeSegments,
    /// A segment is not canonical base64url without padding (RFC 7515, section 2).
    NotBase64Url,
    /// The header is not one strict JSON object in UTF-8.
    HeaderMalformed,
    /// A member name stands twice in the header (RFC 7515, section 4).
    HeaderDuplicate,
    /// The header is larger than any that is needed.
    HeaderTooLarge,
    /// `alg`, `kid` or `typ` is no string, or `alg` is missing.
    HeaderMember,
    /// `crit` asks for extensions to be understood; none is (RFC 7515, section 4.1.11).
    Critical,
    /// `b64` is no part of a JWT (RFC 7797, section 7).
    UnencodedPayload,
    /// `enc` or `zip`: an encrypted or compressed token.
    Encrypted,
    /// `kid` is longer than 256 bytes.
    KeyIdTooLong,
    /// No key has this `kid`.
    UnknownKey,
    /// There is no `kid`, and more than one key it could mean.
    AmbiguousKey,
    /// `alg` is not the algorithm of the key.
    WrongAlgorithm,
    /// The signature does not fit.
    BadSignature,
}

impl JoseError {
    /// A stable code for events and metrics.
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
