use core::net::IpAddr;
use std::borrow::Cow;

use axum::http::request::Parts;
use tracing::field::{DisplayValue, display};

use crate::{auth::Auth, error::on_one_line, identity::Identity};

/// The caller of a request, as events name it: only what a verified credential proves, and the client's address.
///
/// Each method reads the request when it is called. tracing calls no method while no subscriber wants the event.
#[derive(Clone, Copy)]
pub(super) struct Who<'r> {
    auth: &'r Auth,
    parts: &'r Parts,
}

impl<'r> Who<'r> {
    pub(super) fn of(auth: &'r Auth, parts: &'r Parts) -> Self {
        Self { auth, parts }
    }

    /// Returns the kind of credential. It is not personal, so events always have it.
    pub(super) fn kind(self) -> Option<&'static str> {
        Identity::of(&self.parts.extensions)?.via().names().next()
    }

    /// Returns the caller's subject.
    pub(super) fn user(self) -> Option<Cow<'r, str>> {
        self.named().map(|caller| on_one_line(caller.subject()))
    }

    /// Returns the issuer of a caller who is no user of this service. The same subject is another person there.
    pub(super) fn issuer(self) -> Option<Cow<'r, str>> {
        let foreign = self.named().filter(|caller| !caller.is_user_of(self.auth.issuer()));
        foreign.map(|caller| on_one_line(caller.issuer()))
    }

    /// Returns the session that the credential belongs to.
    pub(super) fn session(self) -> Option<Cow<'r, str>> {
        self.named()?.session().map(on_one_line)
    }

    /// Returns the client's address, as limits by address use it.
    pub(super) fn address(self) -> Option<DisplayValue<IpAddr>> {
        let finds = self.auth.names_callers_in_events();
        finds.then(|| self.auth.addresses().find(self.parts).ok()).flatten().map(display)
    }

    /// Returns the caller, unless events must not name callers.
    fn named(self) -> Option<&'r Identity> {
        Identity::of(&self.parts.extensions).filter(|_| self.auth.names_callers_in_events())
    }
}
