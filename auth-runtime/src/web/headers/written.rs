//! The layer of [`SecurityHeaders`] at work: all that stays the same is written once, before the first request.

use core::fmt;
use std::sync::Arc;

use axum::{
    extract::Request,
    http::{
        HeaderMap, HeaderName, HeaderValue,
        header::{CONTENT_SECURITY_POLICY, STRICT_TRANSPORT_SECURITY, X_FRAME_OPTIONS},
    },
    response::Response,
};
use tower_layer::Layer;

use crate::{
    identity::Witness,
    secret::Entropy,
    web::{
        layer::{Addition, Layered, Rule},
        transport::Transport,
    },
};

use super::{
    Csp, SecurityHeaders,
    csp::{Frames, Rendered},
    nonce::NonceSlot,
    storing,
};

impl<S> Layer<S> for SecurityHeaders {
    type Service = Layered<S, Written>;

    fn layer(&self, inner: S) -> Self::Service {
        Layered::new(inner, Written(Arc::new(Fields::of(self))))
    }
}

/// The rule of [`SecurityHeaders`], with all values that are the same for each request.
#[derive(Clone, Debug)]
pub struct Written(Arc<Fields>);

struct Fields {
    fixed: Vec<(HeaderName, HeaderValue)>,
    policies: Vec<Policy>,
    hsts: Option<HeaderValue>,
    transport: Transport,
    /// `None` where no policy has a nonce.
    entropy: Option<Arc<dyn Entropy>>,
}

struct Policy {
    name: HeaderName,
    rendered: Rendered,
    without_nonce: HeaderValue,
    has_nonce: bool,
}

impl Fields {
    fn of(headers: &SecurityHeaders) -> Self {
        let policy = |(name, csp): &(HeaderName, Csp)| {
            let rendered = csp.render(endpoint_of(name));
            Policy { name: name.clone(), without_nonce: rendered.value(None), rendered, has_nonce: csp.has_nonce() }
        };
        let policies: Vec<_> = headers.policies.iter().map(policy).collect();
        let mut fixed = headers.fixed.clone();
        let enforced = headers.policies.iter().find(|(name, _)| *name == CONTENT_SECURITY_POLICY);
        let frames = enforced.and_then(|(_, csp)| csp.frames()).unwrap_or(Frames::Deny);
        fixed.extend(frame_options(frames).map(|value| (X_FRAME_OPTIONS, HeaderValue::from_static(value))));
        let endpoints: Vec<_> =
            headers.policies.iter().filter_map(|(name, csp)| csp.endpoint(endpoint_of(name))).collect();
        let endpoints = Some(endpoints.join(", ")).filter(|endpoints| !endpoints.is_empty());
        let endpoints = endpoints.and_then(|endpoints| HeaderValue::try_from(endpoints).ok());
        fixed.extend(endpoints.map(|endpoints| (REPORTING_ENDPOINTS, endpoints)));
        Self {
            fixed,
            entropy: policies.iter().any(|policy| policy.has_nonce).then(|| Arc::clone(&headers.entropy)),
            policies,
            hsts: headers.hsts.and_then(|hsts| HeaderValue::try_from(hsts.text()).ok()),
            transport: headers.transport.clone(),
        }
    }
}

const REPORTING_ENDPOINTS: HeaderName = HeaderName::from_static("reporting-endpoints");

/// Returns the name of a policy's own endpoint in `Reporting-Endpoints`.
fn endpoint_of(name: &HeaderName) -> &'static str {
    if *name == CONTENT_SECURITY_POLICY { "csp" } else { "csp-report-only" }
}

/// Returns what the field for old browsers says.
const fn frame_options(frames: Frames) -> Option<&'static str> {
    match frames {
        Frames::Deny => Some("DENY"),
        Frames::SameOrigin => Some("SAMEORIGIN"),
        Frames::Others => None,
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fields").field("fixed", &self.fixed).field("hsts", &self.hsts).finish_non_exhaustive()
    }
}

impl Rule for Written {
    type Addition = Completion;

    fn enter(&self, request: &mut Request) -> Result<Completion, Box<Response>> {
        let fields = Arc::clone(&self.0);
        let is_https = fields.hsts.is_some() && fields.transport.is_https(request);
        let witness = Witness::default();
        request.extensions_mut().insert(witness.clone());
        let nonce = fields.entropy.as_ref().map(NonceSlot::new);
        if let Some(slot) = &nonce {
            request.extensions_mut().insert(slot.clone());
        }
        Ok(Completion { fields, is_https, witness, nonce })
    }
}

/// What the layer knows of a request when the answer comes.
pub struct Completion {
    fields: Arc<Fields>,
    is_https: bool,
    witness: Witness,
    nonce: Option<NonceSlot>,
}

impl fmt::Debug for Completion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Completion").finish_non_exhaustive()
    }
}

impl Addition for Completion {
    fn complete(self, response: &mut Response) {
        let headers = response.headers_mut();
        let nonce = self.nonce.as_ref().and_then(NonceSlot::asked_for);
        for policy in &self.fields.policies {
            if headers.contains_key(&policy.name) {
                continue;
            }
            let value = match nonce.filter(|_| policy.has_nonce) {
                Some(nonce) => policy.rendered.value(Some(nonce.as_str())),
                None => policy.without_nonce.clone(),
            };
            headers.insert(policy.name.clone(), value);
        }
        for (name, value) in &self.fields.fixed {
            add(headers, name, value);
        }
        if let Some(hsts) = self.fields.hsts.as_ref().filter(|_| self.is_https) {
            add(headers, &STRICT_TRANSPORT_SECURITY, hsts);
        }
        if nonce.is_some() || self.witness.has_seen() {
            storing::forbid(headers, nonce.is_some());
        }
    }
}

/// Writes a field unless the handler has written it.
fn add(headers: &mut HeaderMap, name: &HeaderName, value: &HeaderValue) {
    headers.entry(name).or_insert_with(|| value.clone());
}
