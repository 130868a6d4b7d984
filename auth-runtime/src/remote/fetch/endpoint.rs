use std::net::IpAddr;

use axum::http::Uri;

use super::Reach;

/// A URL from which a document is fetched: HTTPS, or HTTP on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::remote) struct Endpoint {
    pub(super) is_https: bool,
    pub(in crate::remote) authority: Authority,
    /// The path and the query.
    pub(super) path: Box<str>,
}

/// A host and a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::remote) struct Authority {
    /// In lower case, an address of IPv6 without brackets.
    pub(super) host: Box<str>,
    pub(super) port: u16,
}

impl Endpoint {
    /// Reads a URL. The error names the mistake in it.
    pub(in crate::remote) fn parse(text: &str) -> Result<Self, &'static str> {
        // The parser drops a fragment silently.
        if text.contains('#') {
            return Err("has a fragment");
        }
        let uri: Uri = text.parse().map_err(|_| "is not a URL")?;
        let is_https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err("does not begin with `https://`"),
        };
        let authority = uri.authority().ok_or("has no host")?;
        if authority.as_str().contains('@') {
            return Err("has a user name");
        }
        // The parser ignores a port that is no number up to 65535.
        let port = match authority.as_str().strip_prefix(authority.host()).ok_or("has no host")? {
            "" if is_https => 443,
            "" => 80,
            port => port.strip_prefix(':').and_then(|port| port.parse().ok()).ok_or("has no readable port")?,
        };
        let authority = Authority::new(authority.host(), port).ok_or("has no host")?;
        if !is_https && !authority.is_this_machine() {
            return Err("does not begin with `https://`, which only addresses of this machine may omit");
        }
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).into();
        Ok(Self { is_https, authority, path })
    }

    /// Returns the endpoint with another path.
    pub(in crate::remote) fn with_path(&self, path: &str) -> Self {
        Self { path: path.into(), ..self.clone() }
    }

    /// Returns the path without the query.
    pub(in crate::remote) fn path(&self) -> &str {
        self.path.split_once('?').map_or(&self.path, |(path, _)| path)
    }

    pub(in crate::remote) fn is_https(&self) -> bool {
        self.is_https
    }

    pub(in crate::remote) fn has_query(&self) -> bool {
        self.path.contains('?')
    }

    /// Returns scheme, host and port, without the port of the scheme.
    pub(in crate::remote) fn origin(&self) -> String {
        let scheme = if self.is_https { "https" } else { "http" };
        format!("{scheme}://{}", self.host_field())
    }

    /// Returns the value of the field `Host`. Some issuers name themselves by it, so the port of the scheme is left
    /// out.
    pub(super) fn host_field(&self) -> String {
        let Authority { host, port } = &self.authority;
        let host = if host.contains(':') { format!("[{host}]") } else { host.to_string() };
        let default = if self.is_https { 443 } else { 80 };
        if *port == default { host } else { format!("{host}:{port}") }
    }

    /// Returns the addresses to which a connection may lead.
    pub(super) fn reach(&self, internal: &[Authority]) -> Reach {
        if self.authority.is_this_machine() {
            Reach::Loopback
        } else if internal.contains(&self.authority) {
            Reach::Internal
        } else {
            Reach::Public
        }
    }
}

impl Authority {
    fn new(host: &str, port: u16) -> Option<Self> {
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        (!host.is_empty()).then(|| Self { host: host.to_ascii_lowercase().into(), port })
    }

    /// Reads `host` or `host:port`. The port of HTTPS is the default.
    pub(in crate::remote) fn parse(text: &str) -> Result<Self, &'static str> {
        if text.contains(['/', '?', '#', '@', '*']) {
            return Err("is no host: write `host` or `host:port`");
        }
        Endpoint::parse(&format!("https://{text}")).map(|endpoint| endpoint.authority)
    }

    /// Returns whether the host is this machine, as it is written. What a name resolves to is checked when it is used.
    fn is_this_machine(&self) -> bool {
        match self.host.parse::<IpAddr>() {
            Ok(address) => address.to_canonical().is_loopback(),
            Err(_) => &*self.host == "localhost",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_https_or_of_this_machine() {
        let read = |text| Endpoint::parse(text).map(|url| (url.host_field(), url.path.to_string()));
        let ok = |authority: &str, path: &str| Ok((authority.to_owned(), path.to_owned()));
        assert_eq!(read("https://ID.example"), ok("id.example", "/"));
        assert_eq!(read("https://id.example:8443/a?b=c"), ok("id.example:8443", "/a?b=c"));
        assert_eq!(read("http://127.0.0.1:80/a"), ok("127.0.0.1", "/a"));
        assert_eq!(read("http://[::1]:81/a"), ok("[::1]:81", "/a"));
        assert_eq!(read("http://localhost/a"), ok("localhost", "/a"));
        for bad in [
            "",
            "/a",
            "id.example",
            "http://id.example",
            "http://10.0.0.1",
            "http://localhost.evil.example",
            "ftp://id.example",
            "https://user@id.example",
            "https://a:b@id.example",
            "https://id.example/#a",
            "https://",
            "https://id.example:",
            "https://id.example:99999",
            "https://id.example/a b",
            "https://id.exa\u{308}mple",
            "file:///etc/passwd",
            "https:///a",
        ] {
            assert!(read(bad).is_err(), "{bad}: {:?}", read(bad));
        }
    }

    #[test]
    fn only_named_authorities_are_internal() {
        let url = Endpoint::parse("https://id.internal:8443/a").unwrap();
        assert_eq!(url.reach(&[]), Reach::Public);
        assert_eq!(url.reach(&[Authority::parse("id.internal").unwrap()]), Reach::Public);
        assert_eq!(url.reach(&[Authority::parse("ID.internal:8443").unwrap()]), Reach::Internal);
        assert_eq!(Endpoint::parse("http://localhost:1").unwrap().reach(&[]), Reach::Loopback);
    }
}
