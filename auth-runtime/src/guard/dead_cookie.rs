use axum::http::Extensions;

use crate::auth::Auth;

/// The mark of a request with a session cookie that continues no live session. The cookie counts as absent.
///
/// The mark is an extension of the request. It is also an extension of a response that refuses the request as
/// anonymous, so that signing out can delete the cookie.
#[derive(Clone, Debug)]
pub(crate) struct DeadCookie(Auth);

impl DeadCookie {
    pub(super) fn remember(auth: &Auth, extensions: &mut Extensions) {
        extensions.insert(Self(auth.clone()));
    }

    pub(crate) fn of(extensions: &Extensions) -> Option<&Self> {
        extensions.get()
    }

    /// Returns the engine that knows the cookie.
    pub(crate) fn auth(&self) -> &Auth {
        &self.0
    }
}
