use core::marker::PhantomData;

use axum::extract::{FromRequest, FromRequestParts};
use serde::de::DeserializeOwned;

use crate::{identity::Identity, policy::PathFit};

use super::{CsrfForm, CsrfToken, CurrentUser, SuperUser, path::misfit};

/// Extractors that refuse callers without an identity. An `Option` of the extractor does not.
pub trait NeedsIdentity {}

impl NeedsIdentity for Identity {}
impl NeedsIdentity for axum::Extension<Identity> {}
impl NeedsIdentity for CsrfToken {}
impl<T> NeedsIdentity for CsrfForm<T> {}
impl<U> NeedsIdentity for CurrentUser<U> {}
impl<U> NeedsIdentity for SuperUser<U> {}

/// Extractors that refuse callers without the cookie of a session.
pub trait NeedsCookie {}

impl NeedsCookie for CsrfToken {}

/// Extractors that leave the body alone, and that not every state provides. [`FromRequestParts`] tells the others.
pub trait LeavesBody {}

impl<T> LeavesBody for axum::extract::State<T> {}
impl LeavesBody for Identity {}
impl LeavesBody for Option<Identity> {}
impl LeavesBody for CsrfToken {}
impl LeavesBody for Option<CsrfToken> {}
impl<U> LeavesBody for CurrentUser<U> {}
impl<U> LeavesBody for Option<CurrentUser<U>> {}
impl<U> LeavesBody for SuperUser<U> {}

/// Extractors that give something only to callers with the cookie of a session.
pub trait MadeOfCookie {}

impl MadeOfCookie for CsrfToken {}

/// Values that are no extractors for any state.
pub trait Plain {}

macro_rules! plain {
    ($($ty:ty)*) => { $(impl Plain for $ty {})* };
}

plain!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 bool char);
impl<T> Plain for Vec<T> {}
impl<K, V, B> Plain for std::collections::HashMap<K, V, B> {}
impl<T, B> Plain for std::collections::HashSet<T, B> {}
impl<T: Plain> Plain for Option<T> {}

/// What the arguments of a check require of a route, as `#[check]` records it.
#[doc(hidden)]
pub trait CheckPaths {
    /// One entry for each argument that reads the path.
    const PATHS: &'static [Option<PathFit>];
    /// Whether an argument refuses callers without the cookie of a session.
    const NEEDS_COOKIE: bool;
}

/// A test of a type itself rather than of its name. The inherent constant exists under a bound and shadows the constant
/// of [`Blanket`].
#[derive(Debug)]
pub struct Probe<T: ?Sized>(PhantomData<T>);

/// The default answers, which hold for every type.
pub trait Blanket {
    /// Whether the type refuses callers without an identity.
    const NEEDS_IDENTITY: bool = false;
    /// Whether the type refuses callers without the cookie of a session.
    const NEEDS_COOKIE: bool = false;
    /// Whether the type gives something only to callers with the cookie of a session.
    const MADE_OF_COOKIE: bool = false;
    /// Whether the type is a value and no extractor.
    const IS_PLAIN: bool = false;
    /// Whether the type reads the request's body.
    const READS_BODY: bool = false;
    /// Whether the type leaves the body alone, as this crate knows it.
    const LEAVES_BODY: bool = false;
    /// Whether the type can also be extracted without the body.
    const READS_PARTS: bool = false;
    /// The largest file that the type takes as an upload, in bytes.
    const LARGEST_UPLOAD: u64 = 0;
    /// The function that tests whether the extractor can read a route's path, if there is one.
    const PATH: Option<PathFit> = None;
    /// What a check requires of a route. Nothing is known about types without the attribute.
    const CHECK_PATHS: &'static [Option<PathFit>] = &[];
    /// Whether a check refuses callers without the cookie of a session.
    const CHECK_NEEDS_COOKIE: bool = false;
}

impl<T: ?Sized> Blanket for Probe<T> {}

impl<T: NeedsIdentity> Probe<T> {
    /// The type refuses callers without an identity.
    pub const NEEDS_IDENTITY: bool = true;
}

impl<T: NeedsCookie> Probe<T> {
    /// The type refuses callers without the cookie of a session.
    pub const NEEDS_COOKIE: bool = true;
}

impl<T: LeavesBody> Probe<T> {
    /// The type leaves the body alone.
    pub const LEAVES_BODY: bool = true;
}

impl<T: MadeOfCookie> Probe<T> {
    /// The type gives something only to callers with the cookie of a session.
    pub const MADE_OF_COOKIE: bool = true;
}

impl<T: Plain> Probe<T> {
    /// The type is a value and no extractor.
    pub const IS_PLAIN: bool = true;
}

impl<T: FromRequest<()>> Probe<T> {
    /// The type reads the request's body: it only extracts from whole requests.
    pub const READS_BODY: bool = true;
}

impl<T: FromRequestParts<()>> Probe<T> {
    /// The type can be extracted without the body.
    pub const READS_PARTS: bool = true;
}

#[cfg(feature = "upload")]
impl<P: crate::upload::UploadPolicy> Probe<crate::upload::Upload<P>> {
    /// The largest file that the type takes, in bytes.
    pub const LARGEST_UPLOAD: u64 = P::RULES.max_bytes();
}

/// A handler that takes the `Result` answers a refusal itself. The bound of the body holds all the same.
#[cfg(feature = "upload")]
impl<P: crate::upload::UploadPolicy, E> Probe<Result<crate::upload::Upload<P>, E>> {
    /// The largest file that the type takes, in bytes.
    pub const LARGEST_UPLOAD: u64 = P::RULES.max_bytes();
}

impl<T: DeserializeOwned> Probe<axum::extract::Path<T>> {
    /// The function that tests whether the extractor can read a route's path.
    pub const PATH: Option<PathFit> = Some(misfit::<T>);
}

impl<T: DeserializeOwned> Probe<crate::extract::Path<T>> {
    /// The function that tests whether the extractor can read a route's path.
    pub const PATH: Option<PathFit> = Some(misfit::<T>);
}

/// The check is in a tuple, because the compiler would read a lone function name as a constant and report a second
/// error.
impl<C: CheckPaths> Probe<(C,)> {
    /// What the check requires of the route.
    pub const CHECK_PATHS: &'static [Option<PathFit>] = C::PATHS;
    /// Whether the check refuses callers without the cookie of a session.
    pub const CHECK_NEEDS_COOKIE: bool = C::NEEDS_COOKIE;
}
