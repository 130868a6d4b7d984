use axum::http::{
    HeaderMap, HeaderName, HeaderValue, Method,
    header::{HOST, ORIGIN, UPGRADE},
    request::Parts,
};

use crate::token::SessionSecret;

use super::{
    CsrfKey, TrustedOrigins,
    origin::{Origin, Scheme},
};

/// Tells requests of this service's own pages from those that other sites cause.
#[derive(Clone, Debug)]
pub(crate) struct CrossSite {
    pub(crate) trusted: TrustedOrigins,
    /// Whether this service's own pages may come over plain HTTP. Elsewhere its cookie is never sent over that, so that an
    /// `http://` origin is somebody else.
    pub(crate) allows_plain_http: bool,
}

impl CrossSite {
    /// Whether the request may use the session that its cookie is of. `secret` is the cookie's value.
    ///
    /// # Errors
    /// The reason for the operator.
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

    /// Whether the page's origin is the one that the request was sent to. The scheme is not known behind a proxy, and
    /// need not be: the page's stands for it, and must be one over which the cookie is sent.
    fn is_own(&self, origin: &HeaderValue, request: &Parts) -> bool {
        let (Some(origin), Some(host)) = (parsed(origin), host(request)) else { return false };
        let sends_cookie = origin.scheme() == Scheme::Https || self.allows_plain_http;
        sends_cookie && Origin::of_host(origin.scheme(), host).is_some_and(|own| own == origin)
    }
}

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Where a page's scripts put the token that [`CsrfKey::mint`] made.
const X_CSRF_TOKEN: HeaderName = HeaderName::from_static("x-csrf-token");

/// Whether the method changes nothing (RFC 9110, section 9.2.1). A WebSocket begins with `GET` and then carries anything; in
/// HTTP/2 it begins with `CONNECT` (RFC 8441), which is not safe.
fn is_safe(request: &Parts) -> bool {
    let is_safe = matches!(request.method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE);
    is_safe && !begins_websocket(&request.headers)
}

/// Whether one of the protocols to change to is `websocket` (RFC 6455, section 4.2.1). Others, such as `h2c`, are as safe as
/// the method. The field is a list, a protocol may have a version, and case does not count (RFC 9110, section 7.8).
fn begins_websocket(headers: &HeaderMap) -> bool {
    let mut protocols = headers.get_all(UPGRADE).iter().flat_map(|field| field.as_bytes().split(|byte| *byte == b','));
    protocols.any(|protocol| {
        let name = protocol.split(|byte| *byte == b'/').next().unwrap_or_default();
        name.trim_ascii().eq_ignore_ascii_case(b"websocket")
    })
}

/// Neither header came: no browser of the last years, or one that a proxy made silent. A token shows that a page of the
/// session sent it.
fn proven(headers: &HeaderMap, secret: Option<&SessionSecret>) -> Result<(), &'static str> {
    let Some(token) = only(headers, X_CSRF_TOKEN, "csrf_token_twice")? else { return Err("no_origin") };
    match secret {
        Some(secret) if CsrfKey::of(secret).verifies(token.as_bytes()) => Ok(()),
        _ => Err("csrf_token"),
    }
}

/// The value of a field that is there once; two are refused, never ranked.
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

/// The host that the request was sent to: `:authority` in HTTP/2, else `Host`. Two that differ are none.
fn host(request: &Parts) -> Option<&str> {
    let field = only(&request.headers, HOST, "").ok()?;
    match (request.uri.authority(), field) {
        (Some(authority), Some(field)) if !field.as_bytes().eq_ignore_ascii_case(authority.as_str().as_bytes()) => None,
        (Some(authority), _) => Some(authority.as_str()),
        (None, field) => field?.to_str().ok(),
    }
}

#[cfg(test)]
mod tests;
