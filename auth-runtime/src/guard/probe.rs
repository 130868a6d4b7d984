use core::marker::PhantomData;

use axum::extract::FromRequest;
use serde::de::DeserializeOwned;

use crate::{identity::Identity, policy::PathFit};

use super::{CsrfForm, CsrfToken, CurrentUser, SuperUser, path::misfit};

/// Extractors that refuse callers without an identity. `Option` of one does not.
pub trait NeedsIdentity {}

impl NeedsIdentity for Identity {}
impl NeedsIdentity for CsrfToken {}
impl<T> NeedsIdentity for CsrfForm<T> {}
impl<U> NeedsIdentity for CurrentUser<U> {}
impl<U> NeedsIdentity for SuperUser<U> {}

/// What the arguments of a check ask of a route, as `#[check]` finds out.
#[doc(hidden)]
pub trait CheckPaths {
    /// For each argument that reads the path.
    const PATHS: &'static [Option<PathFit>];
}

/// Asks a type, not its name: the inherent constant exists under a bound and shadows the one of [`Blanket`].
#[derive(Debug)]
pub struct Probe<T: ?Sized>(PhantomData<T>);

/// The answer for every type: no.
pub trait Blanket {
    /// Whether the type refuses callers without an identity.
    const NEEDS_IDENTITY: bool = false;
    /// Whether the type reads the request's body.
    const READS_BODY: bool = false;
    /// Whether the extractor can read a route's path.
    const PATH: Option<PathFit> = None;
    /// What a check asks of a route: nothing is known of those without the attribute.
    const CHECK_PATHS: &'static [Option<PathFit>] = &[];
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

impl<T: DeserializeOwned> Probe<axum::extract::Path<T>> {
    /// Whether the extractor can read a route's path.
    pub const PATH: Option<PathFit> = Some(misfit::<T>);
}

impl<T: DeserializeOwned> Probe<crate::extract::Path<T>> {
    /// Whether the extractor can read a route's path.
    pub const PATH: Option<PathFit> = Some(misfit::<T>);
}

/// In a tuple, since a lone name of a function would be taken for a constant, which is one error more.
impl<C: CheckPaths> Probe<(C,)> {
    /// What the check asks of a route.
    pub const CHECK_PATHS: &'static [Option<PathFit>] = C::PATHS;
}
