use ::url::Url;
use validator::ValidationError;

use super::text::hold;
use crate::names::is_misleading;

/// The longest URL that is accepted, in bytes.
const LONGEST: usize = 2048;

/// Accepts a URL of `https`. The code is `url`.
///
/// # Errors
/// Returns an error for any other text.
pub fn https_url(text: &str) -> Result<(), ValidationError> {
    url(text, &["https"])
}

/// Accepts a URL of `https` or `http`. The code is `url`.
///
/// # Errors
/// Returns an error for any other text.
pub fn http_url(text: &str) -> Result<(), ValidationError> {
    url(text, &["https", "http"])
}

/// Accepts a URL of one of these schemes, in lower case. The code is `url`.
///
/// The URL must have at most 2,048 bytes and no user name, which hides the real host. White space, control characters
/// and invisible ones are refused, although browsers remove some of them.
///
/// To fetch the URL, check the address of its host, too: it can be inside your network.
///
/// ```
/// use auth_runtime::validate::url;
/// use validator::ValidationError;
///
/// fn link(text: &str) -> Result<(), ValidationError> {
///     url(text, &["https", "mailto"])
/// }
///
/// assert!(link("mailto:alice@example.org").is_ok());
/// assert!(link("javascript:alert(1)").is_err());
/// ```
///
/// # Errors
/// Returns an error for any other text.
pub fn url(text: &str, schemes: &[&str]) -> Result<(), ValidationError> {
    hold(is_url(text, schemes), "url")
}

fn is_url(text: &str, schemes: &[&str]) -> bool {
    let is_odd =
        |char: char| char.is_whitespace() || is_misleading(char) || matches!(char, '\\' | '\u{200c}' | '\u{200d}');
    if text.len() > LONGEST || text.contains(is_odd) {
        return false;
    }
    let Ok(url) = Url::parse(text) else { return false };
    let has_host = url.cannot_be_a_base() || url.has_host();
    // The parser adds the slashes that are missing.
    let is_written = url.cannot_be_a_base()
        || text.get(url.scheme().len()..).and_then(|rest| rest.strip_prefix("://")).is_some_and(has_only_a_host);
    schemes.contains(&url.scheme()) && has_host && is_written
}

/// Returns whether a host, perhaps with a port, follows the slashes. The parser drops further slashes, and a user name
/// that is empty.
fn has_only_a_host(rest: &str) -> bool {
    rest.split(['/', '?', '#']).next().is_some_and(|authority| !authority.is_empty() && !authority.contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_have_a_listed_scheme_and_a_host() {
        for good in [
            "https://example.org",
            "https://example.org/@a?@b#@c",
            "HTTPS://example.org/a?b=c#d",
            "https://bücher.example/",
            "https://[::1]:8443/",
        ] {
            assert!(https_url(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "example.org",
            "//example.org",
            "http://example.org",
            "javascript:alert(1)",
            "data:text/html,a",
            "https:example.org",
            "https:/example.org",
            "https://",
            "https:///example.org",
            "https://@example.org",
            "https://:@example.org",
            "https://@",
            "https://a@example.org",
            "https://:a@example.org",
            "https://example.org\\@evil.example",
            " https://example.org",
            "https://example.org/\n",
            "java\nscript:alert(1)",
            "https://exam\u{ad}ple.org",
            "https://example.org/\u{202e}",
            "https://example.org:99999",
        ] {
            assert!(https_url(bad).is_err(), "{bad:?}");
        }
        assert!(http_url("http://example.org").is_ok() && url("https://example.org", &[]).is_err());
        assert!(https_url(&format!("https://example.org/{}", "a".repeat(2048))).is_err());
    }
}
