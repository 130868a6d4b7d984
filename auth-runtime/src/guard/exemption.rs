use axum::http::Extensions;

use crate::{authn::ByBrowser, identity::Identity};

use super::DeadCookie;

/// Says that a policy with an exemption looked the caller up without the cross-site check.
///
/// Only the guard and the arguments of the exempt handler may use that caller. A handler behind an exempt middleware
/// must not. An argument cannot tell the two apart, so a router marks the request for the handler itself. Without the
/// mark, the guard forgets the caller once it has decided, and every extractor behind it judges the request anew.
#[derive(Clone, Copy)]
pub(crate) struct Exemption {
    is_of_handler: bool,
}

impl Exemption {
    /// Marks a request that goes to an exempt handler next, with no middleware in between.
    pub(crate) fn of_handler(extensions: &mut Extensions) {
        extensions.insert(Self { is_of_handler: true });
    }

    /// Notes that the caller is looked up under the exemption.
    pub(super) fn used(extensions: &mut Extensions) {
        if !Self::is_in(extensions) {
            extensions.insert(Self { is_of_handler: false });
        }
    }

    pub(super) fn is_in(extensions: &Extensions) -> bool {
        extensions.get::<Self>().is_some()
    }

    /// Ends the exemption of a guard before this one.
    pub(super) fn end(extensions: &mut Extensions) {
        if Self::is_in(extensions) {
            forget(extensions);
        }
    }

    /// Ends the exemption unless the arguments of the exempt handler come next.
    pub(super) fn end_unless_of_handler(extensions: &mut Extensions) {
        if extensions.get::<Self>().is_some_and(|exemption| !exemption.is_of_handler) {
            forget(extensions);
        }
    }
}

fn forget(extensions: &mut Extensions) {
    Identity::forget(extensions);
    extensions.remove::<Exemption>();
    extensions.remove::<DeadCookie>();
    extensions.remove::<ByBrowser>();
}
