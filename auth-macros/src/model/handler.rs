use core::ops::RangeInclusive;

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;

use crate::runtime::Runtime;

/// A function that can be guarded.
#[derive(Clone, Debug)]
pub(crate) struct Handler {
    /// The path of the runtime crate.
    pub(crate) runtime: Runtime,
    pub(crate) name: Ident,
    /// The parameters for each value of which the policy has a type of its own.
    pub(crate) generics: Vec<TypeParameter>,
    pub(crate) visibility: TokenStream,
    /// The lints that the function allows. The generated code allows them too.
    pub(crate) lints: Vec<TokenStream>,
    /// The function's tokens before the parameters, with the attributes.
    pub(crate) before: Vec<TokenTree>,
    pub(crate) parameters: Group,
    /// The numbers of parameters that the handler may have: those under a `cfg` may be absent.
    pub(crate) parameter_counts: RangeInclusive<usize>,
    pub(crate) after: Vec<TokenTree>,
    /// The parameters' types that can be named outside of the function.
    pub(crate) probes: Vec<Probe>,
    /// The type of the last parameter, where the handler must read the body.
    pub(crate) reader: Option<Probe>,
}

/// What stands in place of a handler with mistakes that the guard cannot be added to.
pub(crate) enum Replaced {
    AsWritten(TokenStream),
    By(Box<StandIn>),
}

/// A function with a handler's name that satisfies a route and refuses every caller.
pub(crate) struct StandIn {
    pub(crate) runtime: Runtime,
    pub(crate) visibility: TokenStream,
    pub(crate) name: Ident,
    /// The function as written, where it can stand inside the replacement.
    pub(crate) inside: TokenStream,
    /// The function under another name, where only its `impl` block can hold it.
    pub(crate) beside: TokenStream,
}

/// A type or constant parameter of a handler.
#[derive(Clone, Debug)]
pub(crate) enum TypeParameter {
    Type(Ident),
    Constant { name: Ident, ty: TokenStream },
}

/// The type of a parameter, which the expansion asks whether it needs an identity or a session's cookie.
#[derive(Clone, Debug)]
pub(crate) struct Probe {
    pub(crate) ty: TokenStream,
    /// The `cfg` attributes of the parameter.
    pub(crate) cfgs: Vec<TokenStream>,
}

/// Returns the name of the type that represents the policy of the handler `name`.
pub(crate) fn hidden_name(name: &Ident) -> Ident {
    Ident::new(&format!("__{}_policy", name.unraw()), Span::call_site().located_at(name.span()))
}
