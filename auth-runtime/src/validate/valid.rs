use core::fmt;

use crate::{
    extract::{Form, Json, Path, Query},
    guard::CsrfForm,
};

use super::check::{Check, Library, Validator};

/// An extractor of values that keep the rules of their type: `Valid<Json<T>>`, and the same with [`Form`],
/// [`CsrfForm`], [`Query`] and [`Path`].
///
/// `T` has its rules by `#[derive(Validate)]` of the crate `validator`. `Valid<Json<T>, Garde>` uses those of `garde`.
///
/// | Request | Status |
/// |---|---|
/// | another content type | 415 |
/// | a body over the limit | 413 |
/// | text that is not JSON | 400 |
/// | members that are missing, unknown, there twice or of another type; values that break a rule | 422 |
///
/// The 422 has an entry in `errors` for each fault: `pointer`, `code`, `message` and the rule's `params`. Types and
/// rules are judged together. Of a body over 32 KiB the answer has only the first wrong type.
///
/// The libraries judge every element of a list, however long it is. Each broken rule takes up to a kilobyte of memory
/// until the answer is made. `#[body]` with a small `max` bounds that.
///
/// A member that `T` does not have is refused, also without `deny_unknown_fields`. Three places are exceptions: the
/// parameters of a query, to which links add their own; a type with a flattened field; and an internally tagged or
/// untagged enum.
///
/// A pointer has the name that serde reads. Rules know only the field's own name: with `rename_all` the other one is
/// found, and with `rename` if the names differ only in case, `-` and `_`. Otherwise the pointer of a rule has the
/// field's own name.
pub struct Valid<E: Carrier<L>, L: Library = Validator>(
    /// The extractor, with a value that keeps its rules.
    pub L::Of<E>,
);

/// An extractor that [`Valid`] can check, with a value that has rules.
#[diagnostic::on_unimplemented(
    message = "`Valid` cannot check `{Self}`",
    label = "not an extractor of `auth_runtime::extract`",
    note = "write `Valid<Json<T>>`, `Valid<Form<T>>`, `Valid<CsrfForm<T>>`, `Valid<Query<T>>` or `Valid<Path<T>>`, with \
            the extractors of `auth_runtime::prelude`"
)]
pub trait Carrier<L>: sealed::Sealed {}

mod sealed {
    pub trait Sealed {}
}

macro_rules! carriers {
    ($($extractor:ident)*) => {$(
        impl<T> sealed::Sealed for $extractor<T> {}
        impl<T: Check<L>, L> Carrier<L> for $extractor<T> {}
    )*};
}

carriers!(Json Form CsrfForm Query Path);

impl<E: Carrier<L>, L: Library> fmt::Debug for Valid<E, L>
where
    L::Of<E>: fmt::Debug,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Valid").field(&self.0).finish()
    }
}

impl<E: Carrier<L>, L: Library> Clone for Valid<E, L>
where
    L::Of<E>: Clone,
{
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}
