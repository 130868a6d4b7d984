use proc_macro2::{Group, Ident, Span, TokenStream};
use quote::{TokenStreamExt, quote, quote_spanned};

use super::{assertions::assertions, generics::Generics, policy::constant};
use crate::model::{Access, Handler, Policy, hidden_name};
use crate::runtime::Runtime;

/// The maximum number of parameters before clippy warns. The guard must not cause the warning. The `allow` is the only
/// one in an expansion. clippy has no other way to leave out an argument that the user has not written.
const MOST_PARAMETERS: usize = 7;

/// Writes the handler with the guard as its first parameter, and the type that holds its policy.
pub(crate) fn guarded(handler: Handler, policy: &Policy) -> TokenStream {
    let hidden = hidden_name(&handler.name);
    let generics = Generics::of(&handler.generics);
    let named = &generics.named;
    let policy_type = policy_type(&handler, &hidden, &generics, policy);
    let assertions = assertions(&handler, policy);
    let mut tokens = function(handler, hidden.span(), &quote!(#hidden #named));
    tokens.extend(policy_type);
    tokens.extend(assertions);
    tokens
}

/// Writes a handler with mistakes. It admits no caller.
pub(crate) fn refused(handler: Handler) -> TokenStream {
    let (span, runtime) = (handler.name.span(), handler.runtime.clone());
    function(handler, Span::call_site().located_at(span), &quote!(#runtime::__private::Refused))
}

/// Writes the function. It moves the user's tokens from one stream to the other, because copying them is most of an
/// attribute's cost.
fn function(handler: Handler, span: Span, policy: &TokenStream) -> TokenStream {
    let Handler { runtime, before, after, parameters, parameter_counts, .. } = handler;
    let mut arguments = quote_spanned!(span=> _: #runtime::Guard<#policy>,);
    arguments.extend(parameters.stream());
    let mut all = Group::new(parameters.delimiter(), arguments);
    all.set_span(parameters.span());
    let mut tokens = TokenStream::new();
    if parameter_counts.contains(&MOST_PARAMETERS) {
        tokens.extend(quote!(#[allow(clippy::too_many_arguments)]));
    }
    tokens.append_all(before);
    tokens.append(all);
    tokens.append_all(after);
    tokens
}

fn policy_type(handler: &Handler, hidden: &Ident, generics: &Generics, policy: &Policy) -> TokenStream {
    let Handler { runtime, visibility, lints, .. } = handler;
    let Generics { declared, held, bounded, named } = generics;
    // In this type, only the names of parameters come from the user, so only they can cause a lint.
    let lints_of_type = if declared.is_empty() { &[] } else { lints.as_slice() };
    let value = constant(handler, policy);
    let checks = checks(policy, runtime);
    quote! {
        #[doc(hidden)]
        #(#lints_of_type)*
        #visibility struct #hidden #declared #held;

        #(#lints)*
        impl #bounded #runtime::HasPolicy for #hidden #named {
            const POLICY: #runtime::Policy = #value;
            type Checks = #checks;
        }
    }
}

/// Writes the checks, with the named policies that the guard runs before them.
fn checks(policy: &Policy, runtime: &Runtime) -> TokenStream {
    let Access::Protected(protection) = &policy.access else { return quote!(()) };
    let checks = list(protection.checks.iter().map(|check| &check.path));
    if protection.named.is_empty() {
        return checks;
    }
    let named = list(protection.named.iter().map(|named| &named.path));
    quote!(#runtime::__private::Beside<#named, #checks>)
}

/// Writes types as `(first, (second, ()))`.
fn list<'a>(paths: impl DoubleEndedIterator<Item = &'a TokenStream>) -> TokenStream {
    paths.rev().fold(quote!(()), |rest, path| quote!((#path, #rest)))
}
