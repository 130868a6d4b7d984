use axum::http::Extensions;

use super::Identity;

/// The verified identity of a request. Only this crate can create the type. An `Identity` that other code puts among
/// the extensions is ignored.
#[derive(Clone)]
struct Verified(Identity);

impl Identity {
    /// Returns the caller that the guard has verified for this request. For code that has the request and no extractor.
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
