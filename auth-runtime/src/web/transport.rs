use std::sync::Arc;

use axum::{
    extract::Request,
    http::{HeaderMap, header::HOST},
};

use crate::{
    host::Host,
    limit::{IgnoredReport, TrustedProxies, is_https},
};

/// Marks a request that came over TLS. The server that ends TLS puts it among the request's extensions.
///
/// Without the mark, a request counts as plain HTTP unless a trusted proxy reports `https`.
#[derive(Clone, Copy, Debug, Default)]
pub struct EncryptedConnection;

/// How the request came: over TLS or not, and for which host.
#[derive(Clone, Debug)]
pub(super) struct Transport {
    proxies: Arc<TrustedProxies>,
}

impl Transport {
    pub(super) fn behind(proxies: TrustedProxies) -> Self {
        Self { proxies: Arc::new(proxies) }
    }

    /// Returns whether the client used HTTPS. Only a trusted proxy is believed.
    pub(super) fn is_https(&self, request: &Request) -> bool {
        match self.proxies.forwarded(request.extensions(), request.headers()).scheme {
            Some(scheme) => is_https(scheme),
            None => request.extensions().get::<EncryptedConnection>().is_some(),
        }
    }

    /// Returns the report of HTTPS that does not count, if the request has one.
    pub(super) fn ignored_https(&self, request: &Request) -> Option<IgnoredReport> {
        self.proxies.ignored_https(request.extensions(), request.headers())
    }

    /// Returns the host of the request itself, and the host that a trusted proxy reports, in the one spelling.
    ///
    /// # Errors
    /// Returns a [`HostFault`] when the request has no readable host, or two that differ, and when the proxy reports
    /// an unreadable host.
    pub(super) fn hosts<'r>(&self, request: &'r Request) -> Result<(Host<'r>, Option<Host<'r>>), HostFault> {
        let own = own_host(request)?;
        let reported = self.proxies.forwarded(request.extensions(), request.headers()).host;
        let reported = reported.map(|reported| Host::parse(reported).ok_or(HostFault::Malformed)).transpose()?;
        Ok((own, reported))
    }
}

/// The reason why a request has no host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HostFault {
    Missing,
    Malformed,
    Several,
    Contradiction,
}

/// Returns the host in `Host`, in `:authority` (HTTP/2) or in an absolute target. Where two of them occur, they must
/// agree (RFC 9112, section 3.2.2; RFC 9113, section 8.3.1).
fn own_host(request: &Request) -> Result<Host<'_>, HostFault> {
    let field = host_field(request.headers())?;
    let authority = request.uri().authority().map(|authority| authority.as_str().as_bytes());
    let parse = |text| Host::parse(text).ok_or(HostFault::Malformed);
    match (authority, field) {
        (None, None) => Err(HostFault::Missing),
        (Some(only), None) | (None, Some(only)) => parse(only),
        (Some(authority), Some(field)) => {
            let (authority, field) = (parse(authority)?, parse(field)?);
            if authority.name == field.name && is_same_port(authority.port, field.port) {
                Ok(authority)
            } else {
                Err(HostFault::Contradiction)
            }
        }
    }
}

/// Returns whether two ports are the same, where one may be left out because it is the scheme's own.
fn is_same_port(one: Option<u16>, other: Option<u16>) -> bool {
    match (one, other) {
        (Some(port), None) | (None, Some(port)) => matches!(port, 80 | 443),
        (one, other) => one == other,
    }
}

fn host_field(headers: &HeaderMap) -> Result<Option<&[u8]>, HostFault> {
    let mut fields = headers.get_all(HOST).iter();
    match (fields.next(), fields.next()) {
        (field, None) => Ok(field.map(|field| field.as_bytes())),
        _ => Err(HostFault::Several),
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn host(target: &str, fields: &[&str]) -> Result<String, HostFault> {
        let request = fields.iter().fold(Request::builder().uri(target), |request, field| request.header(HOST, *field));
        let request = request.body(Body::empty()).unwrap();
        let transport = Transport::behind(TrustedProxies::none());
        transport.hosts(&request).map(|(own, _)| own.name.into_owned())
    }

    #[test]
    fn host_authority_and_absolute_form_agree() {
        let api = Ok("api.example.com".to_owned());
        assert_eq!(host("/", &["API.example.com:8080"]), api);
        assert_eq!(host("http://api.example.com./x", &[]), api);
        assert_eq!(host("http://api.example.com/x", &["Api.Example.com:80"]), api);
        assert_eq!(host("https://api.example.com:443/", &["api.example.com"]), api);
        for (target, field) in [
            ("http://api.example.com/", "evil.example"),
            ("http://evil.example/", "api.example.com"),
            ("http://api.example.com:8080/", "api.example.com"),
            ("http://api.example.com:8080/", "api.example.com:8081"),
        ] {
            assert_eq!(host(target, &[field]), Err(HostFault::Contradiction), "{target} {field}");
        }
    }

    #[test]
    fn a_request_without_one_readable_host_has_none() {
        assert_eq!(host("/", &[]), Err(HostFault::Missing));
        assert_eq!(host("/", &["api.example.com", "api.example.com"]), Err(HostFault::Several));
        for field in ["", "user@api.example.com", "api.example.com/", "a,b", "api.example.com:", "api..example.com"] {
            assert_eq!(host("/", &[field]), Err(HostFault::Malformed), "{field}");
        }
        assert_eq!(host("http://user@api.example.com/", &[]), Err(HostFault::Malformed));
        assert_eq!(host("http://user@api.example.com/", &["api.example.com"]), Err(HostFault::Malformed));
    }
}
