use super::{Access, Policy};

/// Whether a policy can hold beside a handler's own. The attributes ask while the handler is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Besides {
    /// It can.
    Fits,
    /// It admits everyone, so its name would promise a check that does not happen.
    Public,
    /// It has a CSRF exemption, bounds of the body or a Content Security Policy, of which a request has one.
    OfHandlers,
}

impl Besides {
    /// Judges the policy.
    pub const fn of(policy: &Policy) -> Self {
        if policy.is_csrf_exempt() || policy.bounds_body() || policy.csp().is_some() {
            return Self::OfHandlers;
        }
        match policy.access() {
            Access::Public { .. } => Self::Public,
            Access::Protected(_) => Self::Fits,
        }
    }
}
