use std::sync::Arc;

use axum::{
    extract::Request,
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{ACCEPT, AUTHORIZATION, LOCATION, VARY},
    },
    response::{IntoResponse as _, Response},
};
use tower_layer::Layer;

use crate::{
    error::{Document, fixed},
    host::Hosts,
    limit::TrustedProxies,
    session::{Found, SessionCookie},
};

use super::{
    event,
    hosts::{self, Probes},
    layer::{Layered, Rule},
    transport::Transport,
};

/// A layer that admits no request over plain HTTP.
///
/// | request over plain HTTP | answer |
/// |---|---|
/// | `GET` or `HEAD` whose `Accept` names `text/html`: a browser opens a page | 308 to the same address under `https` |
/// | any other | 403 `https-required` |
///
/// A redirect of any other request would hide that its content went over the network in clear text (ASVS 5.0, 4.1.2).
/// A credential that came so is an event of the level WARN.
///
/// A redirect leads only to a host of the list. The scheme is that of the connection, or that which a trusted proxy
/// reports in `Forwarded` or `X-Forwarded-Proto`: `https`, or `wss` for a WebSocket.
///
/// ```
/// use auth_runtime::web::{Hosts, RequireHttps};
/// use axum::{Router, routing::get};
///
/// let hosts = Hosts::parse("www.example.com")?;
/// let app: Router = Router::new().route("/", get(|| async { "hello" })).layer(RequireHttps::new(hosts));
/// # Ok::<(), auth_runtime::web::HostsError>(())
/// ```
#[derive(Clone, Debug)]
pub struct RequireHttps {
    hosts: Arc<Hosts>,
    transport: Transport,
    probes: Probes,
    port: u16,
    is_off: bool,
}

/// The default port of `https` addresses.
const HTTPS_PORT: u16 = 443;

impl RequireHttps {
    /// Creates the layer. It trusts no proxy.
    pub fn new(hosts: Hosts) -> Self {
        Self {
            hosts: Arc::new(hosts),
            transport: Transport::behind(TrustedProxies::none()),
            probes: Probes::default(),
            port: HTTPS_PORT,
            is_off: false,
        }
    }

    /// Sets the proxies that may report scheme and host.
    #[must_use]
    pub fn trusted_proxies(mut self, proxies: TrustedProxies) -> Self {
        self.transport = Transport::behind(proxies);
        self
    }

    /// Sets the paths that are answered over plain HTTP, because the platform probes them so.
    #[must_use]
    pub fn probe_paths<P: Into<String>>(mut self, paths: impl IntoIterator<Item = P>) -> Self {
        self.probes = Probes::new(paths);
        self
    }

    /// Sets the port of HTTPS, as clients reach it, to which redirects lead; 443 by default.
    #[must_use]
    pub fn https_port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Turns the layer off, for a developer's machine.
    pub(super) fn off(mut self, is_off: bool) -> Self {
        self.is_off = is_off;
        self
    }

    /// Returns the same address under `https`. The port of the request is left out: that of plain HTTP serves no TLS.
    fn redirect(&self, request: &Request) -> Box<Response> {
        let host = match hosts::check(&self.transport, &self.hosts, request) {
            Ok(host) => host,
            Err(refused) => return refused.answer(),
        };
        let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
        // A target of the form `*` or without a slash is no page.
        let address = match self.port {
            HTTPS_PORT => format!("https://{host}{target}"),
            port => format!("https://{host}:{port}{target}"),
        };
        let Ok(address) = HeaderValue::try_from(address) else { return self.refuse(request) };
        if !target.starts_with('/') {
            return self.refuse(request);
        }
        if let Some(ignored) = self.transport.ignored_https(request) {
            event::redirected_again(ignored);
        }
        let mut response = StatusCode::PERMANENT_REDIRECT.into_response();
        response.headers_mut().insert(LOCATION, address);
        response.headers_mut().insert(VARY, HeaderValue::from_static("Accept"));
        Box::new(response)
    }

    fn refuse(&self, request: &Request) -> Box<Response> {
        event::plain_http_refused(self.transport.ignored_https(request));
        Box::new(HTTPS_REQUIRED.into_response())
    }
}

const HTTPS_REQUIRED: Document = fixed!(403, "https-required", "This service answers over HTTPS only.");

impl<S> Layer<S> for RequireHttps {
    type Service = Layered<S, Self>;

    fn layer(&self, inner: S) -> Self::Service {
        Layered::new(inner, self.clone())
    }
}

impl Rule for RequireHttps {
    type Addition = ();

    fn enter(&self, request: &mut Request) -> Result<(), Box<Response>> {
        if self.is_off || self.transport.is_https(request) || self.probes.has(request) {
            return Ok(());
        }
        if has_credential(request.headers()) {
            event::exposed_credential(request, self.transport.ignored_https(request));
        }
        Err(if opens_page(request) { self.redirect(request) } else { self.refuse(request) })
    }
}

/// Returns whether a browser opens a page. Over plain HTTP, browsers send no Fetch Metadata that would tell it.
fn opens_page(request: &Request) -> bool {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    reads && request.headers().get_all(ACCEPT).iter().any(|field| accepts_html(field.as_bytes()))
}

/// Returns whether a media range is `text/html`. Clients other than browsers send `*/*` or name their type. A weight of
/// zero means "not acceptable" (RFC 9110, section 12.4.2).
fn accepts_html(field: &[u8]) -> bool {
    field.split(|byte| *byte == b',').any(|range| {
        let mut parts = range.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
        let is_html = parts.next().is_some_and(|range| range.eq_ignore_ascii_case(b"text/html"));
        is_html && !parts.any(is_zero_weight)
    })
}

fn is_zero_weight(parameter: &[u8]) -> bool {
    let mut halves = parameter.splitn(2, |byte| *byte == b'=').map(<[u8]>::trim_ascii);
    let is_weight = halves.next().is_some_and(|name| name.eq_ignore_ascii_case(b"q"));
    is_weight && halves.next().is_some_and(|value| value.iter().all(|byte| matches!(byte, b'0' | b'.')))
}

/// Returns whether the request has a credential: a token, an API key or a session's cookie.
fn has_credential(headers: &HeaderMap) -> bool {
    let has_cookie = [SessionCookie::Secure, SessionCookie::Insecure]
        .iter()
        .any(|cookie| !matches!(cookie.find(headers), Found::Nothing));
    headers.contains_key(AUTHORIZATION) || headers.contains_key("x-api-key") || has_cookie
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_browsers_that_open_a_page_accept_html_by_name() {
        for accept in [
            "text/html",
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "*/*, Text/HTML;level=1;q=0.1",
        ] {
            assert!(accepts_html(accept.as_bytes()), "{accept}");
        }
        for accept in [
            "",
            "*/*",
            "text/*",
            "application/json",
            "text/html;q=0",
            "text/html; Q = 0.000",
            "text/html5",
            "xtext/html",
        ] {
            assert!(!accepts_html(accept.as_bytes()), "{accept}");
        }
    }
}
