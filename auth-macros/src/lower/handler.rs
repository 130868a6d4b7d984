use core::ops::RangeInclusive;

use proc_macro2::{Delimiter, Ident, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt, quote};

use super::signature;
use crate::attribute::Attribute;
use crate::diag::Sink;
use crate::model::{Handler, Probe, TypeParameter};
use crate::runtime::runtime_path;
use crate::syntax::{Clause, Function, Generic, Item, Outer, Parameter, flat, stream};

/// Returns the function as a handler that can be guarded, or the item as written if it cannot.
///
/// A function that lacks only `async` gets it, so that the user sees only the error that says so.
pub(crate) fn handler(item: Item, clauses: &[Clause], sink: &mut Sink) -> Result<Handler, TokenStream> {
    let function = item.function();
    let is_guardable = match &function {
        None => {
            sink.push(signature::no_function(&item, clauses));
            false
        }
        Some(function) => signature::check(function, clauses, sink),
    };
    match function {
        Some(function) if is_guardable => Ok(guardable(item, function, clauses)),
        _ => Err(as_written(&item)),
    }
}

fn guardable(item: Item, function: Function, clauses: &[Clause]) -> Handler {
    let is_public = clauses.iter().any(|clause| clause.attribute == Attribute::Public);
    let probes = if is_public { probes(&function) } else { Vec::new() };
    let mut before: Vec<TokenTree> = item.attributes.iter().flat_map(|outer| outer.to_token_stream()).collect();
    before.extend_from_slice(&item.tokens[..function.keyword_at]);
    if function.qualifier("async").is_none() {
        before.push(TokenTree::Ident(Ident::new("async", Span::call_site())));
    }
    before.extend_from_slice(&item.tokens[function.keyword_at..function.parentheses_at]);
    Handler {
        generics: parameters_of_type(&function),
        runtime: runtime_path(clauses.iter().find_map(|clause| clause.runtime.as_ref())),
        name: function.name,
        visibility: function.visibility,
        lints: item.attributes.iter().filter_map(allowance).collect(),
        before,
        parameter_counts: parameter_counts(&function.parameters),
        parameters: function.parentheses,
        after: item.tokens[function.parentheses_at + 1..].to_vec(),
        probes,
    }
}

/// Returns the fewest and the most parameters that the function may have.
fn parameter_counts(parameters: &[Parameter]) -> RangeInclusive<usize> {
    let may_be_absent = |parameter: &&Parameter| parameter.attributes.iter().any(Outer::is_cfg);
    parameters.len() - parameters.iter().filter(may_be_absent).count()..=parameters.len()
}

fn as_written(item: &Item) -> TokenStream {
    let mut tokens = TokenStream::new();
    tokens.append_all(&item.attributes);
    tokens.append_all(&item.tokens);
    tokens
}

/// Turns the function's `allow` or `expect` attribute into an `allow` attribute.
fn allowance(attribute: &Outer) -> Option<TokenStream> {
    let path = attribute.path();
    let [name] = path.as_slice() else { return None };
    if name != "allow" && name != "expect" {
        return None;
    }
    let contents = flat(attribute.group.stream());
    let lints = stream(contents.get(1..)?);
    Some(quote!(#[allow #lints]))
}

fn probes(function: &Function) -> Vec<Probe> {
    let is_free = |parameter: &&Parameter| !parameter.ty.is_empty() && is_free(&parameter.ty, &function.generics);
    function.parameters.iter().filter(is_free).map(probe).collect()
}

fn probe(parameter: &Parameter) -> Probe {
    let cfgs = parameter.attributes.iter().filter(|outer| outer.is_cfg()).map(ToTokens::to_token_stream).collect();
    Probe { ty: stream(&parameter.ty), cfgs }
}

/// Returns whether the type means the same outside its function: it names no parameter of the function and contains no
/// `impl Trait`.
fn is_free(tokens: &[TokenTree], generics: &[Generic]) -> bool {
    let mut after_tick = false;
    for token in tokens {
        let bound = match token {
            TokenTree::Ident(word) if after_tick => word != "static" && word != "_",
            TokenTree::Ident(word) => word == "impl" || word == "Self" || is_one_of(word, generics),
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => true,
            TokenTree::Group(group) => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                !is_free(&inner, generics)
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => false,
        };
        if bound {
            return false;
        }
        after_tick =
            matches!(token, TokenTree::Punct(tick) if tick.as_char() == '\'' && tick.spacing() == Spacing::Joint);
    }
    true
}

fn is_one_of(word: &Ident, generics: &[Generic]) -> bool {
    generics.iter().any(|generic| generic.name == *word)
}

/// Returns the parameters that the policy's type has, too. It leaves out a parameter under a `cfg`, because the macro
/// cannot know whether the parameter exists.
fn parameters_of_type(function: &Function) -> Vec<TypeParameter> {
    let certain = function.generics.iter().filter(|generic| !generic.has_cfg);
    let lowered = |generic: &Generic| {
        let name = generic.name.clone();
        match &generic.constant {
            Some(ty) => TypeParameter::Constant { name, ty: stream(ty) },
            None => TypeParameter::Type(name),
        }
    };
    certain.map(lowered).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::item;

    fn free_types(tokens: TokenStream) -> Vec<String> {
        let function = item(tokens).function().unwrap();
        probes(&function).iter().map(|probe| crate::syntax::spelled(probe.ty.clone())).collect()
    }

    #[test]
    fn only_types_that_mean_the_same_outside_are_asked() {
        let types = free_types(quote!(
            async fn f<'a, T, const N: usize>(
                a: Identity,
                b: State<T>,
                c: impl Tr,
                d: [u8; N],
                e: Foo<'a>,
                f: Foo<'_>,
                g: &'static str,
                h: (u8, Vec<T>),
            ) {
            }
        ));
        assert_eq!(types, ["Identity", "Foo<'_>", "&'static str"]);
    }

    #[test]
    fn an_expectation_becomes_an_allowance() {
        let outer = |tokens| item(tokens).attributes.remove(0);
        let allowed = allowance(&outer(quote!(
            #[expect(deprecated, reason = "x")]
            fn f() {}
        )))
        .unwrap();
        assert_eq!(allowed.to_string(), quote!(#[allow(deprecated, reason = "x")]).to_string());
        assert!(
            allowance(&outer(quote!(
                #[deny(deprecated)]
                fn f() {}
            )))
            .is_none()
        );
    }
}
