use core::fmt;
use std::sync::Arc;

use axum::http::{
    HeaderName, HeaderValue,
    header::{CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY_REPORT_ONLY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS},
};

use crate::{
    limit::TrustedProxies,
    secret::{Entropy, SystemEntropy},
    web::transport::Transport,
};

use super::{Csp, EmbedderPolicy, Hsts, OpenerPolicy, PermissionsPolicy, ReferrerPolicy, ResourcePolicy};

/// A layer that writes the header fields by which browsers protect a service and its visitors.
///
/// | field | API | HTML |
/// |---|---|---|
/// | `Content-Security-Policy` | [`Csp::api`] | [`Csp::html`] |
/// | `X-Frame-Options` | `DENY` | `DENY` |
/// | `X-Content-Type-Options` | `nosniff` | `nosniff` |
/// | `Referrer-Policy` | `no-referrer` | `same-origin` |
/// | `Cross-Origin-Opener-Policy` | `same-origin` | `same-origin` |
/// | `Cross-Origin-Resource-Policy` | `same-origin` | `same-origin` |
/// | `Strict-Transport-Security`, over HTTPS | two years with subdomains | two years with subdomains |
/// | `Cache-Control: no-store` | answers to authenticated callers | the same, and answers with a nonce |
///
/// A field that the handler writes itself stays, except `Cache-Control`: an authenticated answer that caches could give
/// to others, and each answer with a nonce, becomes `no-store`. `X-Frame-Options` follows the policy's
/// `frame-ancestors`, and is `DENY` without them. `X-XSS-Protection`, which browsers dropped, is never sent. A handler
/// changes directives of the policy by `#[csp(..)]`, or by [`Policy::with_csp`](crate::Policy::with_csp).
///
/// ```
/// use auth_runtime::web::{Csp, PermissionsPolicy, SecurityHeaders};
/// use axum::{Router, routing::get};
///
/// let headers = SecurityHeaders::html()
///     .csp(Csp::html().strict_dynamic())
///     .permissions_policy(PermissionsPolicy::new().deny(["camera", "microphone"]));
/// let app: Router = Router::new().route("/", get(|| async { "hello" })).layer(headers);
/// ```
#[derive(Clone)]
#[must_use]
pub struct SecurityHeaders {
    pub(super) fixed: Vec<(HeaderName, HeaderValue)>,
    pub(super) policies: Vec<(HeaderName, Csp)>,
    pub(super) hsts: Option<Hsts>,
    pub(super) has_endpoints: bool,
    pub(super) transport: Transport,
    pub(super) entropy: Arc<dyn Entropy>,
}

impl SecurityHeaders {
    /// Creates the layer for a service that answers with data.
    pub fn api() -> Self {
        Self::with(Csp::api()).referrer_policy(ReferrerPolicy::NoReferrer)
    }

    /// Creates the layer for a service with pages.
    ///
    /// Its `Referrer-Policy` is `same-origin`. Under `no-referrer`, a browser without Fetch Metadata sends `Origin:
    /// null` with the service's own forms, and the cross-site check would refuse them.
    pub fn html() -> Self {
        Self::with(Csp::html()).referrer_policy(ReferrerPolicy::SameOrigin)
    }

    fn with(csp: Csp) -> Self {
        let headers = Self {
            fixed: vec![(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"))],
            policies: Vec::new(),
            hsts: Some(Hsts::default()),
            has_endpoints: true,
            transport: Transport::behind(TrustedProxies::none()),
            entropy: Arc::new(SystemEntropy::new()),
        };
        headers.csp(csp).opener_policy(OpenerPolicy::SameOrigin).resource_policy(ResourcePolicy::SameOrigin)
    }

    /// Sets the Content Security Policy.
    pub fn csp(self, csp: Csp) -> Self {
        self.policy(CONTENT_SECURITY_POLICY, csp)
    }

    /// Sets a policy that browsers report and do not enforce, beside the enforced one. It needs
    /// [`Csp::report_to`].
    pub fn csp_report_only(self, csp: Csp) -> Self {
        self.policy(CONTENT_SECURITY_POLICY_REPORT_ONLY, csp)
    }

    fn policy(mut self, name: HeaderName, csp: Csp) -> Self {
        self.policies.retain(|(known, _)| *known != name);
        self.policies.push((name, csp));
        self
    }

    /// Sets `Strict-Transport-Security`.
    pub fn hsts(mut self, hsts: Hsts) -> Self {
        self.hsts = Some(hsts);
        self
    }

    /// Leaves out `Strict-Transport-Security`, as where a proxy sends it.
    pub fn without_hsts(mut self) -> Self {
        self.hsts = None;
        self
    }

    /// Leaves out what browsers take over HTTPS only. Chromium ignores `report-uri` beside `report-to`, and sends no
    /// reports to an endpoint of plain HTTP.
    pub(in crate::web) fn over_plain_http(mut self) -> Self {
        self.has_endpoints = false;
        self.without_hsts()
    }

    /// Sets `Referrer-Policy`.
    pub fn referrer_policy(self, policy: ReferrerPolicy) -> Self {
        self.fixed(REFERRER_POLICY, HeaderValue::from_static(policy.text()))
    }

    /// Sets `Cross-Origin-Opener-Policy`.
    pub fn opener_policy(self, policy: OpenerPolicy) -> Self {
        self.fixed(OPENER_POLICY, HeaderValue::from_static(policy.text()))
    }

    /// Sets `Cross-Origin-Resource-Policy`.
    pub fn resource_policy(self, policy: ResourcePolicy) -> Self {
        self.fixed(RESOURCE_POLICY, HeaderValue::from_static(policy.text()))
    }

    /// Sets `Cross-Origin-Embedder-Policy`; the field is absent by default.
    pub fn embedder_policy(self, policy: EmbedderPolicy) -> Self {
        self.fixed(EMBEDDER_POLICY, HeaderValue::from_static(policy.text()))
    }

    /// Sets `Permissions-Policy`; the field is absent by default.
    pub fn permissions_policy(self, policy: PermissionsPolicy) -> Self {
        // The names of a policy are lower-case letters and hyphens, so its text is always a value.
        match HeaderValue::try_from(policy.text()) {
            Ok(value) => self.fixed(PERMISSIONS_POLICY, value),
            Err(_) => self,
        }
    }

    /// Sets the proxies that may report the scheme: `Strict-Transport-Security` is sent over HTTPS only.
    pub fn trusted_proxies(mut self, proxies: TrustedProxies) -> Self {
        self.transport = Transport::behind(proxies);
        self
    }

    pub(in crate::web) fn entropy(mut self, entropy: Arc<dyn Entropy>) -> Self {
        self.entropy = entropy;
        self
    }

    fn fixed(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.fixed.retain(|(known, _)| *known != name);
        self.fixed.push((name, value));
        self
    }
}

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const EMBEDDER_POLICY: HeaderName = HeaderName::from_static("cross-origin-embedder-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

impl fmt::Debug for SecurityHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecurityHeaders")
            .field("fixed", &self.fixed)
            .field("policies", &self.policies)
            .field("hsts", &self.hsts)
            .finish_non_exhaustive()
    }
}
