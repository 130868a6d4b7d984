use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode},
};

use super::Endpoint;

/// A request to an issuer. Beside the named fields it has `Host`, `Accept` and `User-Agent`, and no others.
pub(in crate::remote) struct Call<'a> {
    pub(super) url: &'a Endpoint,
    pub(super) method: Method,
    pub(super) fields: Vec<(HeaderName, HeaderValue)>,
    pub(super) body: Bytes,
}

/// An answer. The body is read only if the status is 200.
pub(in crate::remote) struct Reply {
    pub(in crate::remote) status: StatusCode,
    /// The seconds after which the issuer wants to be asked again.
    pub(in crate::remote) retry_after: Option<u32>,
    pub(in crate::remote) body: Bytes,
}

impl<'a> Call<'a> {
    pub(in crate::remote) fn get(url: &'a Endpoint) -> Self {
        Self { url, method: Method::GET, fields: Vec::new(), body: Bytes::new() }
    }

    pub(in crate::remote) fn post(url: &'a Endpoint, body: impl Into<Bytes>) -> Self {
        Self { method: Method::POST, body: body.into(), ..Self::get(url) }
    }

    pub(in crate::remote) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.fields.push((name, value));
        self
    }
}

impl Reply {
    pub(super) fn new(status: StatusCode, fields: &HeaderMap, body: Bytes) -> Self {
        // better-auth has a field of its own, which is exact where both stand.
        let seconds = |name| fields.get(name)?.to_str().ok()?.trim().parse().ok();
        let retry_after = seconds("x-retry-after").or_else(|| seconds("retry-after"));
        Self { status, retry_after, body }
    }
}
