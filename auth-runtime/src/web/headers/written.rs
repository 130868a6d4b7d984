//! The layer of [`SecurityHeaders`]. It writes the values that never change once, before the first request.

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
    SecurityHeaders,
    csp::Frames,
    csp_field::{self, CspField},
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
    policies: Vec<CspField>,
    hsts: Option<HeaderValue>,
    transport: Transport,
    has_nonce: bool,
    entropy: Arc<dyn Entropy>,
}

impl Fields {
    fn of(headers: &SecurityHeaders) -> Self {
        let endpoint = |name: &HeaderName| headers.has_endpoints.then(|| endpoint_of(name));
        let policies = headers.policies.iter().map(|(name, csp)| CspField::new(name, csp, endpoint(name)));
        let policies: Vec<_> = policies.collect();
        let mut fixed = headers.fixed.clone();
        let enforced = headers.policies.iter().find(|(name, _)| *name == CONTENT_SECURITY_POLICY);
        let frames = enforced.and_then(|(_, csp)| csp.frames()).unwrap_or(Frames::Deny);
        fixed.extend(frames.options().map(|value| (X_FRAME_OPTIONS, HeaderValue::from_static(value))));
        let endpoints = headers.policies.iter().filter_map(|(name, csp)| csp.endpoint(endpoint(name)?));
        let endpoints = Some(endpoints.collect::<Vec<_>>().join(", ")).filter(|endpoints| !endpoints.is_empty());
        let endpoints = endpoints.and_then(|endpoints| HeaderValue::try_from(endpoints).ok());
        fixed.extend(endpoints.map(|endpoints| (REPORTING_ENDPOINTS, endpoints)));
        Self {
            fixed,
            has_nonce: policies.iter().any(CspField::has_nonce),
            entropy: Arc::clone(&headers.entropy),
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
        let witness = Witness::new(fields.has_nonce, &fields.entropy);
        request.extensions_mut().insert(witness.clone());
        Ok(Completion { fields, is_https, witness })
    }
}

/// What the layer knows of a request when the answer comes.
pub struct Completion {
    fields: Arc<Fields>,
    is_https: bool,
    witness: Witness,
}

impl fmt::Debug for Completion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Completion").finish_non_exhaustive()
    }
}

impl Addition for Completion {
    fn complete(self, response: &mut Response) {
        let own = self.witness.csp().filter(|_| csp_field::is_of_handler(response));
        let headers = response.headers_mut();
        let nonce = self.witness.nonce_asked_for();
        for policy in &self.fields.policies {
            policy.write(headers, own, nonce);
        }
        let frames = own.and_then(|own| Frames::of_changes(own.directives()));
        if let Some(value) = frames.and_then(Frames::options) {
            add(headers, &X_FRAME_OPTIONS, &HeaderValue::from_static(value));
        }
        for (name, value) in &self.fields.fixed {
            if frames.is_none() || *name != X_FRAME_OPTIONS {
                add(headers, name, value);
            }
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
