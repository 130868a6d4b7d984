use super::violation::Violation;

/// A value with rules that the library `L` knows. `#[derive(Validate)]` of the crate `validator` brings it for
/// [`Validator`], the one of `garde` for `Garde`.
///
/// By hand:
///
/// ```
/// use auth_runtime::validate::{Check, Violation};
///
/// struct Span { from: u32, to: u32 }
///
/// impl Check for Span {
///     fn check(&self) -> Vec<Violation> {
///         if self.from <= self.to { vec![] } else { vec![Violation::new("order").in_member("to")] }
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` stands in `Valid`, and has no rules",
    label = "without rules",
    note = "write `#[derive(Validate)]` of the crate `validator` on `{Self}`, and `#[validate(…)]` on its fields",
    note = "a value that needs no rules is taken without `Valid`"
)]
pub trait Check<L = Validator> {
    /// Returns all rules that the value breaks.
    fn check(&self) -> Vec<Violation>;
}

/// A library of rules, as the second parameter of [`Valid`](super::Valid).
pub trait Library: 'static {
    /// The extractor itself.
    type Of<E>;
}

/// The rules of the crate `validator`.
#[derive(Clone, Copy, Debug)]
pub enum Validator {}

impl Library for Validator {
    type Of<E> = E;
}

#[diagnostic::do_not_recommend]
impl<T: validator::Validate> Check<Validator> for T {
    fn check(&self) -> Vec<Violation> {
        self.validate().map_or_else(Violation::of_validator, |()| Vec::new())
    }
}

/// The rules of the crate `garde`, for types without a context.
#[cfg(feature = "garde")]
#[derive(Clone, Copy, Debug)]
pub enum Garde {}

#[cfg(feature = "garde")]
impl Library for Garde {
    type Of<E> = E;
}

#[cfg(feature = "garde")]
#[diagnostic::do_not_recommend]
impl<T: garde::Validate<Context: Default>> Check<Garde> for T {
    fn check(&self) -> Vec<Violation> {
        self.validate().map_or_else(Violation::of_garde, |()| Vec::new())
    }
}
