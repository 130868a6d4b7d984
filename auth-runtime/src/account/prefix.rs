//! The path below which the account endpoints stand.

/// The prefix unless the application sets one.
pub(super) const DEFAULT: &str = "/auth";

/// Returns the fault of a prefix, and what to write instead.
pub(super) fn fault(prefix: &str) -> Option<String> {
    let Some(path) = prefix.strip_prefix('/').filter(|path| !path.is_empty()) else {
        return Some(format!("the prefix {prefix:?} names no path: write one such as {DEFAULT:?}"));
    };
    if path.ends_with('/') {
        return Some(format!("the prefix {prefix:?} ends with `/`: write {:?}", prefix.trim_end_matches('/')));
    }
    if path.split('/').next() == Some(".well-known") {
        return Some(format!(
            "the prefix {prefix:?} is kept for documents of standards (RFC 8615): choose another path"
        ));
    }
    if path.contains(['{', '}', '*', ':']) {
        return Some(format!("the prefix {prefix:?} has a parameter, and an endpoint's path is fixed: leave it out"));
    }
    let is_plain = |segment: &str| !matches!(segment, "" | "." | "..") && segment.bytes().all(is_unreserved);
    (!path.split('/').all(is_plain))
        .then(|| format!("the prefix {prefix:?} is no path of letters, digits, `-`, `_`, `.` and `~` between slashes"))
}

/// Returns whether clients send the character as it is (RFC 3986, section 2.3). Another one may arrive encoded, and
/// would then match no route.
const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_accepted() {
        for prefix in [DEFAULT, "/account", "/api/v1/account", "/a-b_c.d~e", "/.hidden", "/a/.well-known"] {
            assert_eq!(fault(prefix), None, "{prefix}");
        }
    }

    #[test]
    fn other_prefixes_are_refused_in_words() {
        let cases = [
            ("", "names no path"),
            ("/", "names no path"),
            ("account", "names no path"),
            ("https://example.com/auth", "names no path"),
            ("/account/", "ends with `/`: write \"/account\""),
            ("/account//", "ends with `/`: write \"/account\""),
            ("/.well-known", "RFC 8615"),
            ("/.well-known/account", "RFC 8615"),
            ("/{tenant}/auth", "has a parameter"),
            ("/:tenant", "has a parameter"),
            ("/*rest", "has a parameter"),
            ("//account", "is no path"),
            ("/a//b", "is no path"),
            ("/a/../b", "is no path"),
            ("/./a", "is no path"),
            ("/my account", "is no path"),
            ("/konto%20", "is no path"),
            ("/auth?x=1", "is no path"),
            ("/auth#top", "is no path"),
            ("/größe", "is no path"),
            ("/a\nb", "is no path"),
        ];
        for (prefix, words) in cases {
            let told = fault(prefix).unwrap_or_default();
            assert!(told.contains(words) && told.contains(&format!("{prefix:?}")), "{prefix:?}: {told}");
        }
    }
}
