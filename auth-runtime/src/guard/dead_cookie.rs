use axum::http::Extensions;

use crate::auth::Auth;

/// Says that the session's cookie of a request continues no live session, so that it counts as absent.
///
/// Stands among the extensions of the request, and of a response that refuses it as anonymous: who signs out is to lose
/// such a cookie.
#[derive(Clone, Debug)]
pub(crate) struct DeadCookie(Auth);

impl DeadCookie {
    pub(super) fn remember(auth: &Auth, extensions: &mut Extensions) {
        extensions.insert(Self(auth.clone()));
    }

    pub(crate) fn of(extensions: &Extensions) -> Option<&Self> {
        extensions.get()
    }

    /// The engine that knows the cookie.
    pub(crate) fn auth(&self) -> &Auth {
        &self.0
    }
}
