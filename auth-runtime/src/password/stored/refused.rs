//! Recognises hashes that are never verified, so that the operator learns the reason. An attacker tries billions of
//! single rounds of MD5 or SHA-1 a second, and need not guess at plain text.

use crate::password::error::StoredHashError;

/// Returns the reason why a text without a supported form is refused.
pub(super) fn reason(text: &str) -> StoredHashError {
    braced(text).or_else(|| named(text)).or_else(|| digest(text)).unwrap_or_else(|| bare(text))
}

/// Recognises the forms of directories and Spring Security: `{SSHA}…`, `{MD5}…`, `{noop}…`.
fn braced(text: &str) -> Option<StoredHashError> {
    let (id, _) = text.strip_prefix('{')?.split_once('}')?;
    match id.to_ascii_uppercase().as_str() {
        "MD4" | "MD5" | "SMD5" => Some(StoredHashError::Md5),
        // Spring Security's `{ldap}` wraps `{SHA}` or `{SSHA}`.
        "SHA" | "SHA1" | "SHA-1" | "SSHA" | "LDAP" => Some(StoredHashError::Sha1),
        "NOOP" | "PLAIN" | "CLEAR" | "CLEARTEXT" => Some(StoredHashError::PlainText),
        _ => None,
    }
}

/// Recognises the forms of Django and Werkzeug: `md5$salt$…`, `sha1$salt$…`, `plain$$…`.
fn named(text: &str) -> Option<StoredHashError> {
    let (scheme, _) = text.split_once('$')?;
    match scheme {
        "md5" | "unsalted_md5" => Some(StoredHashError::Md5),
        "sha1" | "unsalted_sha1" => Some(StoredHashError::Sha1),
        "plain" => Some(StoredHashError::PlainText),
        _ => None,
    }
}

/// Recognises a hexadecimal digest: alone, with a salt on either side of a colon, or with MySQL's asterisk.
fn digest(text: &str) -> Option<StoredHashError> {
    let of_length = |text: &str| match text.len() {
        _ if !text.bytes().all(|byte| byte.is_ascii_hexdigit()) => None,
        32 => Some(StoredHashError::Md5),
        40 => Some(StoredHashError::Sha1),
        _ => None,
    };
    let alone = text.strip_prefix('*').unwrap_or(text);
    let salted = text.split_once(':');
    of_length(alone).or_else(|| salted.and_then(|(one, other)| of_length(one).or_else(|| of_length(other))))
}

/// Takes text without any mark of a hash for a password that a user typed.
fn bare(text: &str) -> StoredHashError {
    const SHORTEST_HASH: usize = 32;
    let has_mark = text.starts_with(['$', '{', '*']) || text.contains('$') || text.len() >= SHORTEST_HASH;
    let is_text = !text.trim().is_empty() && !text.chars().any(char::is_control);
    if is_text && !has_mark { StoredHashError::PlainText } else { StoredHashError::UnknownScheme }
}
