//! The events of the layers. No event contains a value that the client chose.

use axum::{extract::Request, http::header::AUTHORIZATION};
use tracing::Level;

/// The target for subscribers.
pub(super) const TARGET: &str = "auth_runtime::web";

/// A layer has refused a request.
pub(super) fn refused(reason: &'static str) {
    tracing::event!(target: TARGET, Level::INFO, outcome = "refused", reason);
}

/// A credential came over plain HTTP, so others on the network may have read it.
pub(super) fn exposed_credential(request: &Request) {
    let headers = request.headers();
    let kind = if headers.contains_key(AUTHORIZATION) {
        "authorization"
    } else if headers.contains_key("x-api-key") {
        "x-api-key"
    } else {
        "cookie"
    };
    tracing::event!(
        target: TARGET, Level::WARN, http.request.method = request.method().as_str(), outcome = "refused",
        reason = "credential_over_http", credential = kind,
    );
}

/// A request got no answer of its handler.
pub(super) fn failed(reason: &'static str) {
    tracing::event!(target: TARGET, Level::ERROR, outcome = "failed", reason);
}
