//! The attributes of `auth-runtime`: they declare who may call an axum handler, and how often.
//!
//! Use them through `auth_runtime`, which re-exports and documents them.
//!
//! ```text
//! attribute tokens -> collect -> clauses -> syntax -> what was typed -> lower -> model -> expand -> tokens
//! ```
//!
//! Each attribute only passes on its clause, and the last one sees all clauses of the handler at once. `diag` words the
//! mistakes. Only `driver` turns them into tokens.

mod attribute;
mod check;
mod collect;
mod diag;
mod driver;
mod expand;
#[cfg(any(test, auth_fuzzing))]
mod fuzzing;
#[cfg(any(test, auth_fuzzing))]
mod harness;
mod issuer;
mod lower;
mod marker;
mod model;
mod role;
mod runtime;
#[cfg(test)]
mod snapshot;
mod syntax;
mod upload;

use proc_macro::TokenStream;

use attribute::Attribute;
use collect::collect;

/// Admits all callers.
#[proc_macro_attribute]
pub fn public(arguments: TokenStream, item: TokenStream) -> TokenStream {
    collect(Attribute::Public, arguments.into(), item.into()).into()
}

/// Admits every authenticated caller.
#[proc_macro_attribute]
pub fn protected(arguments: TokenStream, item: TokenStream) -> TokenStream {
    collect(Attribute::Protected, arguments.into(), item.into()).into()
}

/// Admits callers with at least one of the roles.
#[proc_macro_attribute]
pub fn require_role(arguments: TokenStream, item: TokenStream) -> TokenStream {
    collect(Attribute::RequireRole, arguments.into(), item.into()).into()
}

/// Admits callers with all of the scopes.
#[proc_macro_attribute]
pub fn require_scope(arguments: TokenStream, item: TokenStream) -> TokenStream {
    collect(Attribute::RequireScope, arguments.into(), item.into()).into()
}

/// Admits callers for whom the expression holds.
#[proc_macro_attribute]
pub fn authorize(arguments: TokenStream, item: TokenStream) -> TokenStream {
    collect(Attribute::Authorize, arguments.into(), item.into()).into()
}

/// Bounds the size of the request's body and the time in which it must arrive.
#[proc_macro_attribute]
pub fn body(arguments: TokenStream, item: TokenStream) -> TokenStream {
    collect(Attribute::Body, arguments.into(), item.into()).into()
}

/// Limits how often the handler may be called.
#[proc_macro_attribute]
pub fn rate_limit(arguments: TokenStream, item: TokenStream) -> TokenStream {
    collect(Attribute::RateLimit, arguments.into(), item.into()).into()
}

/// Changes directives of the Content Security Policy.
#[proc_macro_attribute]
pub fn csp(arguments: TokenStream, item: TokenStream) -> TokenStream {
    collect(Attribute::Csp, arguments.into(), item.into()).into()
}

/// Lets browsers send the session cookie in requests from other sites.
#[proc_macro_attribute]
pub fn csrf_exempt(arguments: TokenStream, item: TokenStream) -> TokenStream {
    collect(Attribute::CsrfExempt, arguments.into(), item.into()).into()
}

/// The hidden marker through which the attributes above pass on their clauses. Handlers never use it directly.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn __policy(clauses: TokenStream, item: TokenStream) -> TokenStream {
    driver::finish(clauses.into(), syntax::item(item.into())).into()
}

/// Implements `Role` for an application's roles, which are the variants of an enum without fields.
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
/// - `implies = Variant`, `implies(A, B)`: holders of this role also have the named roles, and the roles that those
///   imply in turn. The hierarchy is resolved at compile time, and a circle does not compile.
/// - `rename = "name"`: the name of the role in tokens and stores. The default is the variant in snake case. A word
///   begins at a capital that follows a small letter or a digit. It also begins at the last capital of a run that a
///   small letter follows. `SuperAdmin` is `super_admin`, `HTTPAdmin` is `http_admin`, `Level2Support` is
///   `level2_support`.
/// - `crate = path`, on the enum: the path of the runtime crate, if it is not `::auth_runtime`.
///
/// The derive implements `policy::Role`, `Display`, `FromStr`, serde's two traits, and `From` for `String`. It adds the
/// constant `NAMES` and `fn requirement`. All of them use the role's name. No other derive is needed, and every other
/// derive is possible.
#[proc_macro_derive(Role, attributes(role))]
pub fn derive_role(input: TokenStream) -> TokenStream {
    role::derive(input.into()).into()
}

/// Implements `UploadPolicy` for a type that says which files a handler takes.
///
/// ```text
/// #[derive(UploadPolicy)]
/// #[upload(max = "5 MiB", types("image/png", "image/jpeg"), max_files = 3)]
/// struct Photos;
/// ```
///
/// `max` and `types` are required. `max_files` is 1 by default. `max_pixels` is for images, and `max_entries` and
/// `max_unpacked` are for archives. `crate = path` names the path of the runtime crate, if it is not `::auth_runtime`.
#[proc_macro_derive(UploadPolicy, attributes(upload))]
pub fn derive_upload_policy(input: TokenStream) -> TokenStream {
    upload::derive(input.into()).into()
}

/// Implements `TrustedIssuer` for the issuers that an application trusts, which are the variants of an enum without
/// fields.
///
/// ```text
/// #[derive(Issuer)]
/// enum Trusted {
///     Corporate,
///     Partner,
/// }
/// ```
///
/// The derive implements `policy::TrustedIssuer`, and adds `const fn issuer_name`. The name of an issuer is that of the
/// enum and the variant, `Trusted::Corporate`. `#[issuer(crate = path)]` on the enum names the path of the runtime
/// crate, if it is not `::auth_runtime`.
#[proc_macro_derive(Issuer, attributes(issuer))]
pub fn derive_issuer(input: TokenStream) -> TokenStream {
    issuer::derive(input.into()).into()
}

/// Turns an asynchronous function into a check, which a policy asks with `check(path)` in `#[authorize(..)]`.
///
/// ```text
/// #[check]
/// async fn owns_post(who: Identity, Path(id): Path<u64>, State(posts): State<Posts>) -> Result<bool, Error> {
///     Ok(posts.owner(id).await? == who.subject())
/// }
/// ```
///
/// The function takes extractors that read request parts. It returns `bool`, where `true` admits the caller, or
/// `Result<bool, E>`. An error means that the check could not decide; it becomes the response. The function itself
/// stays unchanged. The macro adds a type of the same name, by which policies refer to the check, so that one import
/// brings both.
///
/// `#[check(crate = path)]` names the path of the runtime crate, if it is not `::auth_runtime`.
#[proc_macro_attribute]
pub fn check(arguments: TokenStream, item: TokenStream) -> TokenStream {
    check::attribute(arguments.into(), item.into()).into()
}
