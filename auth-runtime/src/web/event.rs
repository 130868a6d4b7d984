//! The events of the layers. No event contains a value that the client chose.

use core::net::IpAddr;

use axum::{extract::Request, http::header::AUTHORIZATION};
use tracing::{
    Level,
    field::{DisplayValue, display},
};

use crate::limit::IgnoredReport;

/// The target for subscribers.
pub(super) const TARGET: &str = "auth_runtime::web";

/// Reports that a layer has refused a request.
pub(super) fn refused(reason: &'static str) {
    tracing::event!(target: TARGET, Level::INFO, outcome = "refused", reason);
}

/// Reports a request that counts as plain HTTP, and was refused. The event names the untrusted peer that reported
/// HTTPS. Its level is that of other refusals, since any client can write this report.
pub(super) fn plain_http_refused(ignored: Option<IgnoredReport>) {
    let (peer, setting) = fields(ignored);
    tracing::event!(target: TARGET, Level::INFO, outcome = "refused", reason = "https_required", peer, setting);
}

/// Reports that a browser was redirected to HTTPS, although its request came over HTTPS as far as the peer says. The
/// browser will come back.
pub(super) fn redirected_again(ignored: IgnoredReport) {
    let IgnoredReport { peer, setting } = ignored;
    let peer = peer.map(display);
    tracing::event!(target: TARGET, Level::INFO, outcome = "redirected", reason = "https_required", peer, setting);
}

/// Reports that no request will count as HTTPS, as far as the settings tell.
pub(super) fn no_https() {
    tracing::warn!(
        target: TARGET,
        "without TLS_CERT and TLS_KEY, and without TRUSTED_PROXIES, requests are redirected or refused as plain HTTP; \
         set the former two, or the latter to the address of the proxy that ends TLS",
    );
}

/// Reports a credential that came over plain HTTP, so others on the network may have read it. The event names a peer
/// that reports HTTPS and is not believed. Behind a proxy that the settings do not name, the client may have used
/// HTTPS.
pub(super) fn exposed_credential(request: &Request, ignored: Option<IgnoredReport>) {
    let headers = request.headers();
    let kind = if headers.contains_key(AUTHORIZATION) {
        "authorization"
    } else if headers.contains_key("x-api-key") {
        "x-api-key"
    } else {
        "cookie"
    };
    let (peer, setting) = fields(ignored);
    tracing::event!(
        target: TARGET, Level::WARN, http.request.method = request.method().as_str(), outcome = "refused",
        reason = "credential_over_http", credential = kind, peer, setting,
    );
}

/// Returns the peer and the setting of a report that does not count.
fn fields(ignored: Option<IgnoredReport>) -> (Option<DisplayValue<IpAddr>>, Option<&'static str>) {
    let (peer, setting) = ignored.map(|report| (report.peer.map(display), report.setting)).unzip();
    (peer.flatten(), setting)
}

/// Reports a request that got no answer of its handler.
pub(super) fn failed(reason: &'static str) {
    tracing::event!(target: TARGET, Level::ERROR, outcome = "failed", reason);
}
