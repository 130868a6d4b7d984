use axum::http::request::Parts;

use crate::policy::Policy;

use super::Rejection;

/// Tells the layer of header fields what the admitted handler changes in the Content Security Policy.
///
/// Without the layer, the change would not be enforced, so the request is refused. The compiler knows the policies
/// without a change.
#[inline]
pub(super) fn tell(policy: &'static Policy, parts: &Parts) -> Result<(), Rejection> {
    let Some(csp) = policy.csp() else { return Ok(()) };
    #[cfg(feature = "web")]
    return crate::identity::Witness::record_csp(&parts.extensions, csp).map_err(Rejection::Misconfigured);
    #[cfg(not(feature = "web"))]
    {
        let _ = (csp, parts);
        Err(Rejection::Misconfigured(
            "a policy with a `CspOverride` needs the feature `web` and `web::SecurityHeaders`",
        ))
    }
}
