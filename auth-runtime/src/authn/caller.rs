use crate::identity::Identity;

/// Whether a session's cookie counts in requests that other sites cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CrossSiteCheck {
    /// The cookie does not count. This is the rule unless the policy declares an exemption.
    Enforced,
    /// The cookie counts: the policy has an exemption.
    Exempt,
}

/// How a browser attached the credential that proves the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ByBrowser {
    /// In this service's own cookie, which continues a live session.
    OwnCookie,
    /// As an authenticator of the application finds it.
    Otherwise,
}

/// Whom the credentials of a request prove.
#[derive(Default)]
pub(crate) struct Caller {
    /// `None` without a credential. A dead credential that browsers attach automatically counts as absent.
    pub(crate) identity: Option<Identity>,
    /// The request has a credential that browsers attach automatically, live or dead.
    pub(crate) is_ambient: bool,
    /// How a browser sent the credential that proves the caller; `None` if the client sent it on purpose.
    pub(crate) by_browser: Option<ByBrowser>,
    /// The session's cookie is there and continues no live session.
    pub(crate) has_dead_cookie: bool,
}
