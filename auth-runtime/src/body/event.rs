use axum::http::Method;
use tracing::Level;

/// Writes that a body reached a bound of its handler's policy.
pub(super) fn of_policy(reason: &str, policy: &str, route: &str, method: &Method) {
    tracing::event!(
        target: "auth_runtime::guard", Level::INFO, http.route = route, http.request.method = method.as_str(), policy,
        outcome = "refused", reason,
    );
}

/// Writes that a body reached the bound of a layer.
pub(super) fn of_layer(reason: &str) {
    tracing::event!(target: "auth_runtime::web", Level::INFO, outcome = "refused", reason);
}
