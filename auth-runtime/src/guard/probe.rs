use core::marker::PhantomData;

use axum::extract::FromRequest;

use crate::identity::Identity;

use super::{CsrfForm, CsrfToken, CurrentUser, SuperUser};

/// Extractors that refuse callers without an identity. `Option` of one does not.
pub trait NeedsIdentity {}

impl NeedsIdentity for Identity {}
impl NeedsIdentity for CsrfToken {}
impl<T> NeedsIdentity for CsrfForm<T> {}
impl<U> NeedsIdentity for CurrentUser<U> {}
impl<U> NeedsIdentity for SuperUser<U> {}

/// Asks a type, not its name: the inherent constant exists under a bound and shadows the one of [`Blanket`].
#[derive(Debug)]
pub struct Probe<T: ?Sized>(PhantomData<T>);

/// The answer for every type: no.
pub trait Blanket {
    /// Whether the type refuses callers without an identity.
    const NEEDS_IDENTITY: bool = false;
    /// Whether the type reads the request's body.
    const READS_BODY: bool = false;
}

impl<T: ?Sized> Blanket for Probe<T> {}

impl<T: NeedsIdentity> Probe<T> {
    /// The type refuses callers without an identity.
    pub const NEEDS_IDENTITY: bool = true;
}

impl<T: FromRequest<()>> Probe<T> {
    /// The type reads the request's body: it is an extractor of whole requests only.
    pub const READS_BODY: bool = true;
}
