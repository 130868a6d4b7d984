use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;

use super::model::Check;
use crate::diag::{Code, Problem, panic_at, problem};
use crate::syntax::is_punct;

/// The names of extractors that read the body. Their paths and parameters do not matter.
const BODIES: [&str; 5] = ["Bytes", "Form", "Json", "Multipart", "String"];

/// Returns whether the type's name says that it reads the body. The error is then the only one.
pub(super) fn is_known(ty: &[TokenTree]) -> bool {
    let end = ty.iter().position(|token| is_punct(token, '<')).unwrap_or(ty.len());
    matches!(&ty[..end], [.., TokenTree::Ident(name)] if BODIES.iter().any(|body| name == body))
}

/// Words the problem of an argument that reads the body.
pub(super) fn problem_of(name: &Ident, ty: &TokenStream) -> Problem {
    problem(ty, Code::CheckReadsBody, format!("the check `{name}` reads the request's body"))
        .advice("take what stands in the request's head, such as `Identity`, `Path<..>`, `Query<..>` or `State<..>`")
        .note("the body can be read once, and it is the handler's")
}

/// Writes a constant that does not compile when the type reads the request's body, or is no extractor. The constant
/// reads the type, so an alias does not hide it.
pub(super) fn refused(check: &Check, ty: &TokenStream, private: &TokenStream) -> TokenStream {
    let text = problem_of(&check.name, ty).text();
    let panic = panic_at(ty, &text);
    // Only a bare name may be an alias of such a value.
    let is_bare = !ty.clone().into_iter().any(|token| is_punct(&token, '<'));
    let no_extractor = is_bare.then(|| super::plain::refused(check, ty, private));
    quote! {
        const _: () = {
            use #private::Blanket as _;
            #no_extractor
            if #private::Probe::<#ty>::READS_BODY && !#private::Probe::<#ty>::READS_PARTS {
                #panic
            }
        };
    }
}
