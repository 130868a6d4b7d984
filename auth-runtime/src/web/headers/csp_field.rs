use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, header::CONTENT_TYPE},
    response::Response,
};

use crate::policy::CspOverride;

use super::{Csp, csp::Rendered};

/// A policy as a field of answers.
pub(super) struct CspField {
    name: HeaderName,
    csp: Csp,
    /// The name of the policy's endpoint in `Reporting-Endpoints`, if there is one.
    endpoint: Option<&'static str>,
    rendered: Rendered,
    without_nonce: HeaderValue,
}

impl CspField {
    pub(super) fn new(name: &HeaderName, csp: &Csp, endpoint: Option<&'static str>) -> Self {
        let rendered = csp.render(endpoint, &[]);
        Self { name: name.clone(), csp: csp.clone(), endpoint, without_nonce: rendered.value(None), rendered }
    }

    pub(super) fn has_nonce(&self) -> bool {
        self.rendered.has_nonce()
    }

    /// Writes the policy, as far as the handler has not written the field. `own` is what the handler's attribute
    /// changes. It is written also beside the handler's own field: browsers enforce both.
    pub(super) fn write(&self, headers: &mut HeaderMap, own: Option<&CspOverride>, nonce: Option<&str>) {
        if own.is_none() && headers.contains_key(&self.name) {
            return;
        }
        let value = match own {
            Some(own) => self.csp.render(self.endpoint, own.directives()).value(nonce),
            None if self.has_nonce() && nonce.is_some() => self.rendered.value(nonce),
            None => self.without_nonce.clone(),
        };
        headers.append(self.name.clone(), value);
    }
}

/// Returns whether the answer is one of the handler's own, and not a refusal or an error in its place.
///
/// The documents of refusals and errors are no pages. A page with an error status, such as a form that is shown again,
/// is the handler's.
pub(super) fn is_of_handler(response: &Response) -> bool {
    let status = response.status();
    !status.is_client_error() && !status.is_server_error() || is_page(response.headers())
}

fn is_page(headers: &HeaderMap) -> bool {
    const PAGES: [&[u8]; 3] = [b"text/html", b"application/xhtml+xml", b"image/svg+xml"];
    let content_type = headers.get(CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
    let media_type = content_type.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    PAGES.iter().any(|page| media_type.eq_ignore_ascii_case(page))
}
