//! The attributes of `auth-runtime`: who may call an axum handler, and how often.
//!
//! Use them through `auth_runtime`, which re-exports and documents them.
//!
//! ```text
//! attribute tokens -> collect -> clauses -> syntax -> what was typed -> lower -> model -> expand -> tokens
//! ```
//!
//! Each attribute only hands on its clause, and the last one sees all clauses of the handler at once. `diag` is where mistakes are worded, `driver` the only place where they become tokens.

mod attribute;
mod check;
mod collect;
mod diag;
mod driver;
mod expand;
#[cfg(test)]
mod harness;
mod lower;
mod model;
mod role;
#[cfg(test)]
mod snapshot;
mod syntax;

use proc_macro::TokenStream;

use attribute::Attribute;
use collect::collect;

/// Everyone may call.
#[proc_macro_attribute]
pub fn public(arguments: TokenStream, item: TokenStream) -> TokenStream {
    collect(Attribute::Public, arguments.into(), item.into()).into()
}

/// Any authenticated caller may call.
#[proc_macro_attribute]
pub fn protected(arguments: TokenStream, item: TokenStream) -> TokenStream {
    collect(Attribute::Protected, arguments.into(), item.into()).into()
}

/// Callers with any of the roles may call.
#[proc_macro_attribute]
pub fn require_role(arguments: TokenStream, item: TokenStream) -> TokenStream {
    collect(Attribute::RequireRole, arguments.into(), item.into()).into()
}

/// Callers with all of the scopes may call.
#[proc_macro_attribute]
pub fn require_scope(arguments: TokenStream, item: TokenStream) -> TokenStream {
    collect(Attribute::RequireScope, arguments.into(), item.into()).into()
}

/// Callers for whom the expression holds may call.
#[proc_macro_attribute]
pub fn authorize(arguments: TokenStream, item: TokenStream) -> TokenStream {
    collect(Attribute::Authorize, arguments.into(), item.into()).into()
}

/// How often the handler may be called.
#[proc_macro_attribute]
pub fn rate_limit(arguments: TokenStream, item: TokenStream) -> TokenStream {
    collect(Attribute::RateLimit, arguments.into(), item.into()).into()
}

/// Browsers may send requests from other sites with the session's cookie.
#[proc_macro_attribute]
pub fn csrf_exempt(arguments: TokenStream, item: TokenStream) -> TokenStream {
    collect(Attribute::CsrfExempt, arguments.into(), item.into()).into()
}

/// The marker in which the attributes above hand their clauses on. Not for people.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn __policy(clauses: TokenStream, item: TokenStream) -> TokenStream {
    driver::finish(clauses.into(), syntax::item(item.into())).into()
}

/// The roles of an application, as the variants of an enum without fields.
///
/// ```text
/// #[derive(Role)]
/// enum Role {
///     Member,
///     #[role(implies = Member)]
///     Moderator,
///     #[role(implies(Moderator), rename = "root")]
///     SuperAdmin,
/// }
/// ```
///
/// - `implies = Variant`, `implies(A, B)`: whoever has this role has those as well, and what they imply in turn. The whole
///   hierarchy is resolved when the program is compiled; a circle does not compile.
/// - `rename = "name"`: the name under which tokens and stores know the role. Without it, the name is the variant in snake
///   case: a word begins at a capital that follows a small letter or a digit, and at the last capital of a run that a small
///   letter follows. `SuperAdmin` is `super_admin`, `HTTPAdmin` is `http_admin`, `Level2Support` is `level2_support`.
/// - `crate = path`, on the enum: where the runtime is found, if not at `::auth_runtime`.
///
/// Written are `policy::Role`, the constants `NAMES` and `fn requirement`, `Display`, `FromStr` and serde's two traits, all
/// by name. Nothing else needs to be derived, and anything else may be.
#[proc_macro_derive(Role, attributes(role))]
pub fn derive_role(input: TokenStream) -> TokenStream {
    role::derive(input.into()).into()
}

/// An asynchronous function that a policy can ask, by `check(path)` in `#[authorize(..)]`.
///
/// ```text
/// #[check]
/// async fn owns_post(who: Identity, Path(id): Path<u64>, State(posts): State<Posts>) -> Result<bool, Error> {
///     Ok(posts.owner(id).await? == who.subject())
/// }
/// ```
///
/// It takes extractors that read request parts, and returns `bool`, where `true` admits the caller, or `Result<bool, E>`,
/// whose error is the response where the check could not tell. It stays the function it is; beside it stands a type of the
/// same name, by which policies refer to it, so that one import brings both.
///
/// `#[check(crate = path)]` says where the runtime is found, if not at `::auth_runtime`.
#[proc_macro_attribute]
pub fn check(arguments: TokenStream, item: TokenStream) -> TokenStream {
    check::attribute(arguments.into(), item.into()).into()
}
