use core::{fmt, str::FromStr};

use crate::csrf::{Origin, Scheme};

/// The URL at which clients reach this service: an origin, and the path under which a proxy serves it, if any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicUrl {
    origin: Origin,
    /// Without a final slash; empty for the root.
    path: String,
}

impl PublicUrl {
    /// Returns whether the URL has the scheme `http`.
    pub(in crate::auth) fn is_plain_http(&self) -> bool {
        self.origin.scheme() == Scheme::Http
    }

    /// Returns the path of a place in this service, as clients see it; empty for the root of the host.
    pub(super) fn path_of(&self, place: &str) -> String {
        format!("{}{}", self.path, place.trim_end_matches('/'))
    }

    /// Returns the URL for a path of the host.
    pub(super) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}

impl FromStr for PublicUrl {
    type Err = PublicUrlFault;

    /// Reads `https://api.example.com` and `https://example.com/api`, with or without a final slash.
    fn from_str(text: &str) -> Result<Self, PublicUrlFault> {
        let start = text.find("://").ok_or(PublicUrlFault::NoUrl)?.saturating_add(3);
        let end = text.get(start..).and_then(|rest| rest.find('/')).map_or(text.len(), |at| at.saturating_add(start));
        let (origin, path) = text.split_at_checked(end).ok_or(PublicUrlFault::NoUrl)?;
        let path = path.strip_suffix('/').unwrap_or(path);
        if !path.is_empty() && !is_place(path) {
            return Err(PublicUrlFault::Path);
        }
        let origin = Origin::parse(origin).map_err(|_| PublicUrlFault::NoUrl)?;
        Ok(Self { origin, path: path.to_owned() })
    }
}

/// Returns whether the text is an absolute path without empty or dotted segments, without a query and without a final
/// slash. Clients compare such paths letter by letter, so a path has one spelling only.
pub(super) fn is_place(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte);
    let is_segment =
        |segment: &str| !segment.is_empty() && !matches!(segment, "." | "..") && segment.bytes().all(is_letter);
    text.strip_prefix('/').is_some_and(|path| path.split('/').all(is_segment))
}

/// The reason why a text is no public URL. It does not repeat the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PublicUrlFault {
    NoUrl,
    Path,
}

impl fmt::Display for PublicUrlFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoUrl => "is no URL with scheme and host; write one such as `https://api.example.com`",
            Self::Path => {
                "has a query, a `%` or an empty part in its path; write one such as `https://example.com/api`"
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_have_one_spelling() {
        for (text, root, place) in [
            ("https://api.example.com", "", "https://api.example.com/mcp"),
            ("HTTPS://API.example.com:443/", "", "https://api.example.com/mcp"),
            ("http://localhost:3000", "", "http://localhost:3000/mcp"),
            ("https://example.com/api/v1/", "/api/v1", "https://example.com/api/v1/mcp"),
        ] {
            let url: PublicUrl = text.parse().unwrap();
            assert_eq!(url.path_of("/"), root, "{text}");
            assert_eq!(url.at(&url.path_of("/mcp")), place, "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "api.example.com",
            "https://",
            "ftp://api.example.com",
            "https://user@api.example.com",
            "https://api.example.com?x",
            "https://api.example.com#x",
            "https://api.example.com/a?x",
            "https://api.example.com/a#x",
            "https://api.example.com/a//b",
            "https://api.example.com//",
            "https://api.example.com/../b",
            "https://api.example.com/a%2fb",
            "https://api.example.com/a b",
            "https://api.example.com/\"x",
            "https://api.example.com/é",
            "https://*.example.com",
        ] {
            assert!(text.parse::<PublicUrl>().is_err(), "{text}");
        }
    }
}
