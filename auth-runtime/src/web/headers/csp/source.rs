use core::{error::Error, fmt};

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::STANDARD};

/// A source of content in a Content Security Policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source(pub(super) Text);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Text {
    /// Its place is filled for each request.
    Nonce,
    Fixed(&'static str),
    Owned(String),
}

impl Source {
    /// This origin: `'self'`.
    pub const SELF: Self = Self(Text::Fixed("'self'"));
    /// Elements that carry the request's [`CspNonce`](super::super::CspNonce).
    pub const NONCE: Self = Self(Text::Nonce);
    /// Scripts that a script with a nonce or a hash loads: `'strict-dynamic'`. Hosts of the list then count no more.
    pub const STRICT_DYNAMIC: Self = Self(Text::Fixed("'strict-dynamic'"));
    /// Inline code: `'unsafe-inline'`. It gives up the protection against injected scripts.
    pub const UNSAFE_INLINE: Self = Self(Text::Fixed("'unsafe-inline'"));
    /// Code from text: `'unsafe-eval'`. It weakens the protection against injected scripts.
    pub const UNSAFE_EVAL: Self = Self(Text::Fixed("'unsafe-eval'"));
    /// Compiled WebAssembly: `'wasm-unsafe-eval'`.
    pub const WASM_UNSAFE_EVAL: Self = Self(Text::Fixed("'wasm-unsafe-eval'"));
    /// Attributes like `onclick` with a hash of their text in the list: `'unsafe-hashes'`.
    pub const UNSAFE_HASHES: Self = Self(Text::Fixed("'unsafe-hashes'"));
    /// Adds the start of blocked code to reports: `'report-sample'`.
    pub const REPORT_SAMPLE: Self = Self(Text::Fixed("'report-sample'"));
    /// Addresses that begin with `data:`. Among scripts, they give up the protection.
    pub const DATA: Self = Self(Text::Fixed("data:"));
    /// Addresses that begin with `blob:`.
    pub const BLOB: Self = Self(Text::Fixed("blob:"));
    /// Every host over HTTPS: `https:`.
    pub const HTTPS: Self = Self(Text::Fixed("https:"));

    /// Returns the source for an inline script or style sheet with exactly this text, by its SHA-256.
    ///
    /// ```
    /// use auth_runtime::web::{Csp, Directive, Source};
    ///
    /// let csp = Csp::html().with(Directive::ScriptSrc, [Source::hash_of("start()")]);
    /// ```
    pub fn hash_of(text: impl AsRef<[u8]>) -> Self {
        let hash = STANDARD.encode(digest(&SHA256, text.as_ref()));
        Self(Text::Owned(format!("'sha256-{hash}'")))
    }

    /// Returns the source for a host, for example `https://cdn.example.com`, `*.example.com` or
    /// `https://cdn.example.com/fonts/`.
    ///
    /// # Errors
    /// Returns [`CspError`] when the text is no host, for example a text with spaces, commas or semicolons.
    pub fn host(text: impl Into<String>) -> Result<Self, CspError> {
        let text = text.into();
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/*[]%+".contains(&byte);
        let after_scheme = text.split_once("://").map_or(&*text, |(_, rest)| rest);
        let is_host = !after_scheme.is_empty() && !after_scheme.starts_with(['/', ':']) && !text.ends_with(':');
        if is_host && text.bytes().all(is_plain) { Ok(Self(Text::Owned(text))) } else { Err(CspError) }
    }

    pub(super) fn is_nonce(&self) -> bool {
        self.0 == Text::Nonce
    }
}

/// The error for a text that is no part of a Content Security Policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CspError;

impl fmt::Display for CspError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the text is no part of a Content Security Policy; write a host such as `https://cdn.example.com`")
    }
}

impl Error for CspError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_cannot_add_a_directive() {
        for good in ["https://cdn.example.com", "*.example.com", "cdn.example.com:8443", "wss://a.example/x/"] {
            assert!(Source::host(good).is_ok(), "{good}");
        }
        for bad in
            ["", "'self'", "'none'", "a b", "a;script-src *", "a,b", "https://", "https:", "a\r\nb", "m\u{fc}n", "\"a"]
        {
            assert_eq!(Source::host(bad), Err(CspError), "{bad:?}");
        }
    }

    /// The example of CSP level 3, section 8.4.
    #[test]
    fn a_hash_is_that_of_the_standards_example() {
        let expected = "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='";
        assert_eq!(Source::hash_of("alert('Hello, world.');"), Source(Text::Owned(expected.to_owned())));
    }
}
