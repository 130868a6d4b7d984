use axum::http::Extensions;

use super::Identity;

/// Only this crate can put an identity where it is believed: an `Identity` that somebody else puts among the extensions is
/// not looked at.
#[derive(Clone)]
struct Verified(Identity);

impl Identity {
    /// The caller that the guard has verified for this request, for code that has the request and no extractor.
    pub fn of(extensions: &Extensions) -> Option<&Self> {
        extensions.get::<Verified>().map(|Verified(identity)| identity)
    }

    pub(crate) fn remember(self, extensions: &mut Extensions) {
        extensions.insert(Verified(self));
    }

    pub(crate) fn forget(extensions: &mut Extensions) {
        extensions.remove::<Verified>();
    }
}
