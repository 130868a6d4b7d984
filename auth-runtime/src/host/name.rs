use core::net::Ipv6Addr;
use std::borrow::Cow;

use idna::AsciiDenyList;

/// The host of a request, in the one spelling in which hosts are compared. It is in lower case and ASCII (UTS #46),
/// without a final dot. IPv6 addresses are in brackets and in their shortest form. The port is kept apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Host<'t> {
    pub(crate) name: Cow<'t, str>,
    pub(crate) port: Option<u16>,
}

/// The longest text that is read: a name in Unicode may be longer than its ASCII form, which has 253 characters.
const LONGEST: usize = 1024;

impl<'t> Host<'t> {
    /// Parses `api.example.com`, with or without a port. User information, spaces and everything else that belongs to
    /// no host give `None`.
    pub(crate) fn parse(text: &'t [u8]) -> Option<Self> {
        let text = core::str::from_utf8(text).ok().filter(|text| text.len() <= LONGEST)?;
        if let Some(rest) = text.strip_prefix('[') {
            let (address, after) = rest.split_once(']')?;
            let address: Ipv6Addr = address.parse().ok()?;
            return Some(Self { name: Cow::Owned(format!("[{address}]")), port: port(after)? });
        }
        let (name, after) = text.split_at_checked(text.find(':').unwrap_or(text.len()))?;
        Some(Self { name: canonical(name)?, port: port(after)? })
    }
}

/// Returns the name in its one spelling, if it is a domain name or an IPv4 address.
fn canonical(name: &str) -> Option<Cow<'_, str>> {
    let ascii = if name.is_ascii() {
        Cow::Borrowed(name)
    } else {
        idna::domain_to_ascii_cow(name.as_bytes(), AsciiDenyList::URL).ok()?
    };
    // The dot may come from the conversion, which knows other full stops.
    let lower = match ascii {
        Cow::Borrowed(name) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            let has_upper = name.bytes().any(|byte| byte.is_ascii_uppercase());
            if has_upper { Cow::Owned(name.to_ascii_lowercase()) } else { Cow::Borrowed(name) }
        }
        Cow::Owned(name) => Cow::Owned(name.strip_suffix('.').unwrap_or(&name).to_ascii_lowercase()),
    };
    is_name(&lower).then_some(lower)
}

fn is_name(name: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    name.len() <= 253 && name.split('.').all(is_label)
}

/// Parses what follows a host: nothing, or a colon and a port.
#[expect(clippy::option_option, reason = "the outer one is a malformed text, the inner one an absent port")]
fn port(after: &str) -> Option<Option<u16>> {
    if after.is_empty() {
        return Some(None);
    }
    let digits = after.strip_prefix(':')?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Option<String> {
        let host = Host::parse(text.as_bytes())?;
        Some(host.port.map_or_else(|| host.name.to_string(), |port| format!("{} {port}", host.name)))
    }

    #[test]
    fn spellings_of_one_host_are_one() {
        for (text, one) in [
            ("api.example.com", "api.example.com"),
            ("API.Example.COM", "api.example.com"),
            ("api.example.com.", "api.example.com"),
            ("Api.example.com.:8443", "api.example.com 8443"),
            ("m\u{fc}nchen.example", "xn--mnchen-3ya.example"),
            ("M\u{dc}NCHEN\u{3002}example", "xn--mnchen-3ya.example"),
            ("XN--Mnchen-3ya.example", "xn--mnchen-3ya.example"),
            ("127.0.0.1:80", "127.0.0.1 80"),
            ("[2001:DB8:0::1]:443", "[2001:db8::1] 443"),
        ] {
            assert_eq!(parsed(text).as_deref(), Some(one), "{text}");
        }
    }

    #[test]
    fn texts_that_are_no_hosts_are_none() {
        for text in [
            "",
            ".",
            "..",
            "a..b",
            ".a",
            "a b",
            "user@api.example.com",
            "api.example.com/",
            "api.example.com:",
            "api.example.com:x",
            "api.example.com:+80",
            "api.example.com:65536",
            "api.example.com:80:80",
            "::1",
            "[::1",
            "[::1]x",
            "[fe80::1%25eth0]",
            "api.example.com,evil.example",
            "api%2eexample.com",
            "*",
            "a\u{0}b",
            "api.example.com\\evil",
        ] {
            assert_eq!(parsed(text), None, "{text:?}");
        }
        assert_eq!(Host::parse(b"\xff"), None);
        assert_eq!(parsed(&"a".repeat(64)), None);
        assert_eq!(parsed(&"a.".repeat(200)), None);
        assert_eq!(parsed(&"\u{fc}".repeat(100_000)), None);
    }
}
