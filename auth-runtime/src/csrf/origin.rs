use core::{fmt, net::Ipv6Addr};

/// Scheme, host and port of a web origin (RFC 6454), each in its canonical spelling. Two origins are the same exactly
/// if these values are equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    scheme: Scheme,
    /// In lower case, IPv6 addresses in brackets and in their shortest form.
    host: String,
    port: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Http,
    Https,
}

impl Origin {
    /// Parses `https://app.example.com`, with or without a port, and nothing else.
    ///
    /// # Errors
    /// Returns an [`OriginFault`] when the text is not an origin, or is an origin that no page can have.
    pub(crate) fn parse(text: &str) -> Result<Self, OriginFault> {
        if text.is_empty() {
            return Err(OriginFault::Empty);
        }
        if text.eq_ignore_ascii_case("null") {
            return Err(OriginFault::Null);
        }
        if text.contains('*') {
            return Err(OriginFault::Wildcard);
        }
        let (scheme, rest) = text.split_once("://").ok_or(OriginFault::Scheme)?;
        let scheme = Scheme::parse(scheme).ok_or(OriginFault::Scheme)?;
        if rest.contains(['/', '?', '#', '@']) {
            return Err(OriginFault::MoreThanOrigin);
        }
        Self::of_host(scheme, rest).ok_or(OriginFault::Host)
    }

    /// Returns the origin for the host of a request: `app.example.com:8443`.
    pub(crate) fn of_host(scheme: Scheme, authority: &str) -> Option<Self> {
        let (host, after) = match authority.strip_prefix('[') {
            Some(rest) => {
                let (address, after) = rest.split_once(']')?;
                (format!("[{}]", address.parse::<Ipv6Addr>().ok()?), after)
            }
            None => {
                let (name, after) = authority.split_at(authority.find(':').unwrap_or(authority.len()));
                (is_name(name).then(|| name.to_ascii_lowercase())?, after)
            }
        };
        let port = match after {
            "" => scheme.default_port(),
            after => port(after.strip_prefix(':')?)?,
        };
        Some(Self { scheme, host, port })
    }

    pub(crate) fn scheme(&self) -> Scheme {
        self.scheme
    }
}

/// Writes the origin as browsers send it: the default port is left out.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme.name(), self.host)?;
        if self.port == self.scheme.default_port() { Ok(()) } else { write!(f, ":{}", self.port) }
    }
}

impl Scheme {
    fn parse(text: &str) -> Option<Self> {
        let is = |name| text.eq_ignore_ascii_case(name);
        if is("https") { Some(Self::Https) } else { is("http").then_some(Self::Http) }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    const fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// Returns whether the text is a domain name in ASCII or an IPv4 address. Browsers send international names in their
/// ASCII form.
fn is_name(name: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    name.len() <= 253 && name.split('.').all(is_label)
}

/// Parses a port without a sign or leading zeros: browsers write neither.
fn port(text: &str) -> Option<u16> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|_| is_plain)
}

/// The reason why a text cannot be a trusted origin. It does not repeat the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OriginFault {
    Empty,
    Null,
    Wildcard,
    Scheme,
    MoreThanOrigin,
    Host,
    Insecure,
    List,
}

impl OriginFault {
    /// Describes the fault of the entry at this place of a list, from 1; 0 is the whole list.
    pub(crate) fn at(self, place: usize) -> String {
        if place == 0 { self.to_string() } else { format!("entry {place} {self}") }
    }
}

impl fmt::Display for OriginFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "is empty; remove a comma, or write an origin such as `https://app.example.com`",
            Self::Null => "is `null`, which every sandboxed page sends; write one such as `https://app.example.com`",
            Self::Wildcard => "has a wildcard; name each origin in full, such as `https://app.example.com`",
            Self::Scheme => "does not begin with `https://`; write scheme and host, such as `https://app.example.com`",
            Self::MoreThanOrigin => {
                "has more than scheme, host and port; write the origin without path and final slash"
            }
            Self::Host => "has no valid host or port; write an origin such as `https://app.example.com:8443`",
            Self::Insecure => "is an `http://` origin, which every host on the network can imitate; write `https://`",
            Self::List => "is neither a JSON list of strings nor a list separated by commas",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: &str, other: &str) -> bool {
        Origin::parse(one).unwrap() == Origin::parse(other).unwrap()
    }

    #[test]
    fn spellings_of_one_origin_are_equal() {
        assert!(same("https://app.example.com", "HTTPS://App.Example.COM:443"));
        assert!(same("http://localhost", "http://LOCALHOST:80"));
        assert!(same("https://[2001:DB8:0::1]:8443", "https://[2001:db8::1]:8443"));
    }

    #[test]
    fn an_origin_is_written_as_browsers_send_it() {
        for (text, sent) in [
            ("HTTPS://App.Example.COM:443", "https://app.example.com"),
            ("http://LOCALHOST:80", "http://localhost"),
            ("http://localhost:443", "http://localhost:443"),
            ("https://[2001:DB8:0::1]:8443", "https://[2001:db8::1]:8443"),
        ] {
            assert_eq!(Origin::parse(text).unwrap().to_string(), sent);
        }
    }

    #[test]
    fn each_part_counts() {
        for other in [
            "http://app.example.com",
            "https://app.example.com:444",
            "https://example.com",
            "https://app.example.com.evil.example",
            "https://app-example.com",
            "https://xapp.example.com",
        ] {
            assert!(!same("https://app.example.com", other), "{other}");
        }
        assert!(!same("http://example.com", "https://example.com:80"));
    }

    #[test]
    fn texts_that_are_no_origins_are_refused() {
        for (text, fault) in [
            ("null", OriginFault::Null),
            ("NULL", OriginFault::Null),
            ("*", OriginFault::Wildcard),
            ("https://*.example.com", OriginFault::Wildcard),
            ("", OriginFault::Empty),
            ("app.example.com", OriginFault::Scheme),
            ("//app.example.com", OriginFault::Scheme),
            ("ftp://app.example.com", OriginFault::Scheme),
            ("file://", OriginFault::Scheme),
            ("https://app.example.com/", OriginFault::MoreThanOrigin),
            ("https://app.example.com/path", OriginFault::MoreThanOrigin),
            ("https://app.example.com?x", OriginFault::MoreThanOrigin),
            ("https://user@app.example.com", OriginFault::MoreThanOrigin),
            ("https://app.example.com#x", OriginFault::MoreThanOrigin),
            ("https://", OriginFault::Host),
            ("https://app.example.com.", OriginFault::Host),
            ("https://app..example.com", OriginFault::Host),
            ("https://app.example.com ", OriginFault::Host),
            ("https://app.example.com:", OriginFault::Host),
            ("https://app.example.com:0", OriginFault::Host),
            ("https://app.example.com:0443", OriginFault::Host),
            ("https://app.example.com:+443", OriginFault::Host),
            ("https://app.example.com:65536", OriginFault::Host),
            ("https://app.example.com:443:443", OriginFault::Host),
            ("https://m\u{fc}nchen.example", OriginFault::Host),
            ("https://[::1", OriginFault::Host),
            ("https://::1", OriginFault::Host),
            ("https://[::1]x", OriginFault::Host),
            ("https://[fe80::1%25eth0]", OriginFault::Host),
            ("https://app.example.com\\evil", OriginFault::Host),
        ] {
            assert_eq!(Origin::parse(text), Err(fault), "{text}");
        }
    }
}
