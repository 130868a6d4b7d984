use core::{fmt, str::FromStr};
use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// A path of this service, with its query, to which an answer may send a browser after a sign-in.
///
/// A way back comes from the request, so an attacker may have written it into a link. Another site there would get
/// visitors who have just entered a password. So only a text that every browser reads as a path of the same origin is
/// accepted, in all decoded forms:
///
/// - It begins with one `/` and has no empty segment, no `.` and no `..`.
/// - It is visible ASCII without a backslash. Encoded control characters are refused, too.
/// - It has at most 2048 bytes.
///
/// ```
/// use auth_runtime::account::OwnPath;
///
/// let back = OwnPath::parse("/orders?page=2").unwrap_or_default();
/// assert_eq!(back.as_str(), "/orders?page=2");
/// assert!(OwnPath::parse("//evil.example").is_err());
/// assert_eq!(OwnPath::default().as_str(), "/");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OwnPath(String);

impl OwnPath {
    /// Parses the path of a request or of a setting.
    ///
    /// # Errors
    /// Returns [`ParseOwnPathError`] when a browser could leave this service by the text.
    pub fn parse(text: &str) -> Result<Self, ParseOwnPathError> {
        if is_own(text) { Ok(Self(text.to_owned())) } else { Err(ParseOwnPathError) }
    }

    /// Returns the path, with its query.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the path as the value of one parameter of a query, for links to a page that leads back. All characters
    /// but `/` and the unreserved ones (RFC 3986, section 2.3) are encoded.
    ///
    /// ```
    /// use auth_runtime::account::OwnPath;
    ///
    /// let back = OwnPath::parse("/orders?page=2&all=true")?;
    /// let link = format!("/sign-in?return_to={}", back.to_query_value());
    /// assert_eq!(link, "/sign-in?return_to=/orders%3Fpage%3D2%26all%3Dtrue");
    /// # Ok::<(), auth_runtime::account::ParseOwnPathError>(())
    /// ```
    #[must_use]
    pub fn to_query_value(&self) -> String {
        const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');
        utf8_percent_encode(&self.0, ENCODED).to_string()
    }

    /// Returns whether the path has a query or a fragment.
    pub(crate) fn has_query(&self) -> bool {
        self.0.contains(['?', '#'])
    }

    /// Returns the path with one parameter more in its query. The value is encoded already.
    pub(crate) fn with_parameter(&self, name: &str, value: &str) -> String {
        let (path, fragment) = self.0.split_at(self.0.find('#').unwrap_or(self.0.len()));
        let separator = if path.contains('?') { '&' } else { '?' };
        format!("{path}{separator}{name}={value}{fragment}")
    }
}

/// The path `/`.
impl Default for OwnPath {
    fn default() -> Self {
        Self("/".to_owned())
    }
}

impl fmt::Display for OwnPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for OwnPath {
    type Err = ParseOwnPathError;

    fn from_str(text: &str) -> Result<Self, ParseOwnPathError> {
        Self::parse(text)
    }
}

/// The error for a text that is not a path of this service. It does not repeat the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseOwnPathError;

impl fmt::Display for ParseOwnPathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("is no path of this service: write one such as `/orders`")
    }
}

impl core::error::Error for ParseOwnPathError {}

/// Bytes of the longest path.
const MOST_BYTES: usize = 2048;
/// Proxies and routers may decode a path several times. No honest path is encoded this often.
const MOST_DECODINGS: usize = 4;

fn is_own(text: &str) -> bool {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let path = text.split(['?', '#']).next().unwrap_or_default();
    text.len() <= MOST_BYTES && is_plain && in_all_forms(text, is_printable) && in_all_forms(path, is_plain_path)
}

/// Returns whether the text has the property, and keeps it each time that it is decoded.
fn in_all_forms(text: &str, has_property: impl Fn(&str) -> bool) -> bool {
    let mut form = text.to_owned();
    for _ in 0..=MOST_DECODINGS {
        if !has_property(&form) {
            return false;
        }
        match percent_decode_str(&form).decode_utf8() {
            Ok(Cow::Borrowed(_)) => return true,
            Ok(Cow::Owned(next)) => form = next,
            Err(_) => return false,
        }
    }
    false
}

fn is_printable(text: &str) -> bool {
    !text.contains(char::is_control)
}

/// Returns whether no reader takes the path for a host, or climbs out of it.
fn is_plain_path(path: &str) -> bool {
    let Some(segments) = path.strip_prefix('/') else { return false };
    let last = segments.split('/').count();
    !path.contains('\\')
        && (1..).zip(segments.split('/')).all(|(place, segment)| match segment {
            "" => place == last,
            segment => !matches!(segment, "." | ".."),
        })
}

#[cfg(test)]
mod tests;
