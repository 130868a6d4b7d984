use axum::http::{
    HeaderMap, HeaderName, HeaderValue, Method,
    header::{HOST, ORIGIN, UPGRADE},
    request::Parts,
};

use crate::{limit::TrustedProxies, token::SessionSecret};

use super::{
    CsrfKey, TrustedOrigins,
    origin::{Origin, Scheme},
};

/// The test that separates requests of this service's own pages from requests that other sites cause.
#[derive(Clone, Debug)]
pub(crate) struct CrossSite {
    pub(crate) trusted: TrustedOrigins,
    /// Whether this service's own pages may come over plain HTTP. In production, browsers never send the cookie over
    /// plain HTTP, so an `http://` origin is another site.
    pub(crate) allows_plain_http: bool,
    /// The proxies that may report the host to which the client sent the request.
    pub(crate) proxies: TrustedProxies,
}

impl CrossSite {
    /// Checks whether the request may use the session of its cookie. `secret` is the cookie's value.
    ///
    /// # Errors
    /// Returns the reason for the operator when it may not.
    pub(crate) fn check(&self, request: &Parts, secret: Option<&SessionSecret>) -> Result<(), &'static str> {
        if is_safe(request) { Ok(()) } else { self.judge(request, secret) }
    }

    fn judge(&self, request: &Parts, secret: Option<&SessionSecret>) -> Result<(), &'static str> {
        let site = only(&request.headers, SEC_FETCH_SITE, "fetch_site_twice")?;
        let origin = only(&request.headers, ORIGIN, "origin_twice")?;
        match (site.map(HeaderValue::as_bytes), origin) {
            (Some(b"same-origin" | b"none"), _) => Ok(()),
            (Some(b"same-site" | b"cross-site"), Some(origin)) if self.trusts(origin) => Ok(()),
            (Some(b"same-site" | b"cross-site"), _) => Err("cross_site"),
            (Some(_), _) => Err("fetch_site_unknown"),
            (None, Some(origin)) if self.trusts(origin) || self.is_own(origin, request) => Ok(()),
            (None, Some(_)) => Err("foreign_origin"),
            (None, None) => proven(&request.headers, secret),
        }
    }

    fn trusts(&self, origin: &HeaderValue) -> bool {
        parsed(origin).is_some_and(|origin| self.trusted.contains(&origin))
    }

    /// Returns whether the page's origin is that to which the client sent the request. Behind a proxy the scheme of the
    /// request is unknown, so the scheme of the page stands for it. It must be a scheme over which browsers send the
    /// cookie.
    fn is_own(&self, origin: &HeaderValue, request: &Parts) -> bool {
        let (Some(origin), Some(host)) = (parsed(origin), self.host(request)) else { return false };
        let sends_cookie = origin.scheme() == Scheme::Https || self.allows_plain_http;
        sends_cookie && Origin::of_host(origin.scheme(), host).is_some_and(|own| own == origin)
    }

    /// Returns the host to which the client sent the request: the host that a trusted proxy reports, otherwise the
    /// request's own. A proxy may write an internal name into `Host`. A page of another site cannot set the headers of
    /// proxies without the consent of CORS.
    fn host<'r>(&self, request: &'r Parts) -> Option<&'r str> {
        let own = own_host(request)?;
        match self.proxies.forwarded(&request.extensions, &request.headers).host {
            Some(reported) => core::str::from_utf8(reported).ok(),
            None => Some(own),
        }
    }
}

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The header in which a page's scripts send the token that [`CsrfKey::mint`] made.
const X_CSRF_TOKEN: HeaderName = HeaderName::from_static("x-csrf-token");

/// Returns whether the method changes nothing (RFC 9110, section 9.2.1). A WebSocket begins with `GET` and may then
/// carry any message. In HTTP/2 it begins with `CONNECT` (RFC 8441), which is not safe.
fn is_safe(request: &Parts) -> bool {
    let is_safe = matches!(request.method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE);
    is_safe && !begins_websocket(&request.headers)
}

/// Returns whether the request asks to switch to the protocol `websocket` (RFC 6455, section 4.2.1). Other protocols,
/// like `h2c`, are as safe as the method. The field is a list, a protocol may have a version, and case does not
/// matter (RFC 9110, section 7.8).
fn begins_websocket(headers: &HeaderMap) -> bool {
    let mut protocols = headers.get_all(UPGRADE).iter().flat_map(|field| field.as_bytes().split(|byte| *byte == b','));
    protocols.any(|protocol| {
        let name = protocol.split(|byte| *byte == b'/').next().unwrap_or_default();
        name.trim_ascii().eq_ignore_ascii_case(b"websocket")
    })
}

/// Judges a request with neither header: the browser is old, or a proxy removed the headers. A token shows that a page
/// of the session sent the request.
fn proven(headers: &HeaderMap, secret: Option<&SessionSecret>) -> Result<(), &'static str> {
    let Some(token) = only(headers, X_CSRF_TOKEN, "csrf_token_twice")? else { return Err("no_origin") };
    match secret {
        Some(secret) if CsrfKey::of(secret).verifies(token.as_bytes()) => Ok(()),
        _ => Err("csrf_token"),
    }
}

/// Returns the value of a field that occurs once. Two values are refused; neither takes precedence.
fn only<'r>(
    headers: &'r HeaderMap,
    name: HeaderName,
    twice: &'static str,
) -> Result<Option<&'r HeaderValue>, &'static str> {
    let mut fields = headers.get_all(name).iter();
    match (fields.next(), fields.next()) {
        (field, None) => Ok(field),
        _ => Err(twice),
    }
}

fn parsed(origin: &HeaderValue) -> Option<Origin> {
    Origin::parse(origin.to_str().ok()?).ok()
}

/// Returns the host that the request names: `:authority` in HTTP/2, otherwise `Host`. Returns `None` when the two
/// differ.
fn own_host(request: &Parts) -> Option<&str> {
    let field = only(&request.headers, HOST, "").ok()?;
    match (request.uri.authority(), field) {
        (Some(authority), Some(field)) if !field.as_bytes().eq_ignore_ascii_case(authority.as_str().as_bytes()) => None,
        (Some(authority), _) => Some(authority.as_str()),
        (None, field) => field?.to_str().ok(),
    }
}

#[cfg(test)]
mod tests;
