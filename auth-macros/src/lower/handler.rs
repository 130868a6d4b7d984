use core::ops::RangeInclusive;

use proc_macro2::{Delimiter, Ident, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;

use super::body;
use super::foreign;
use super::signature::{self, Fitness};
use crate::attribute::Attribute;
use crate::diag::Sink;
use crate::model::{Handler, Probe, Replaced, StandIn, TypeParameter};
use crate::runtime::{Runtime, runtime_path};
use crate::syntax::{Clause, Function, Generic, Item, Outer, Parameter, flat, split, stream};

/// Returns the item, read as this function, as a handler that can be guarded, or what stands in its place beside the
/// errors.
///
/// A function that lacks only `async` gets it, so that the user sees only the error that says so. Another function that
/// cannot be a handler gets a stand-in, which satisfies a route.
pub(crate) fn handler(
    mut item: Item,
    function: Option<Function>,
    clauses: &[Clause],
    sink: &mut Sink,
) -> Result<Handler, Replaced> {
    let Some(function) = function else {
        sink.push(signature::no_function(&item, clauses));
        return Err(Replaced::AsWritten(item.into_token_stream()));
    };
    let fitness = signature::check(&function, clauses, sink);
    let runtime = Runtime::from(runtime_path(clauses.iter().find_map(|clause| clause.runtime.as_ref())));
    if fitness != Fitness::Unfit {
        foreign::state_of_debug_handler(&mut item, &function, &runtime, sink);
    }
    match fitness {
        Fitness::Guardable => {
            let reader = reader(&function, clauses, sink);
            Ok(Handler { reader, ..guardable(item, function, runtime, clauses) })
        }
        Fitness::Replaceable => {
            let inside = inside(&item, &function, function.name.clone());
            Err(Replaced::By(Box::new(stand_in(function, runtime, inside, TokenStream::new()))))
        }
        Fitness::InsideImpl => {
            let name = format_ident!("__{}_as_written", function.name.unraw());
            let beside = inside(&item, &function, name);
            Err(Replaced::By(Box::new(stand_in(function, runtime, TokenStream::new(), beside))))
        }
        Fitness::Unfit => Err(Replaced::AsWritten(item.into_token_stream())),
    }
}

fn stand_in(function: Function, runtime: Runtime, inside: TokenStream, beside: TokenStream) -> StandIn {
    StandIn { runtime, visibility: function.visibility, name: function.name, inside, beside }
}

/// Returns the function as it stands with its replacement, so that the names that it uses stay in use.
fn inside(item: &Item, function: &Function, name: Ident) -> TokenStream {
    let mut tokens = TokenStream::new();
    tokens.append_all(item.attributes.iter().filter(|outer| !foreign::is_debug_handler(outer)));
    tokens.append_all(&item.tokens[function.keyword_at - function.qualifiers.len()..=function.keyword_at]);
    tokens.append(name);
    tokens.append_all(&item.tokens[function.keyword_at + 2..]);
    tokens
}

fn guardable(item: Item, function: Function, runtime: Runtime, clauses: &[Clause]) -> Handler {
    // An argument can only contradict `#[public]`, and `#[protected(via(..))]`. The others name no credentials.
    let asks = clauses.iter().any(|clause| match clause.attribute {
        Attribute::Public => true,
        Attribute::Protected => !clause.parts.is_empty(),
        _ => false,
    });
    let probes = if asks { probes(&function) } else { Vec::new() };
    let mut before: Vec<TokenTree> = item.attributes.iter().flat_map(|outer| outer.to_token_stream()).collect();
    before.extend_from_slice(&item.tokens[..function.keyword_at]);
    if function.qualifier("async").is_none() {
        before.push(TokenTree::Ident(Ident::new("async", Span::call_site())));
    }
    before.extend_from_slice(&item.tokens[function.keyword_at..function.parentheses_at]);
    Handler {
        generics: parameters_of_type(&function),
        runtime,
        name: function.name,
        visibility: function.visibility,
        lints: item.attributes.iter().filter_map(allowance).collect(),
        before,
        parameter_counts: parameter_counts(&function.parameters),
        parameters: function.parentheses,
        after: item.tokens[function.parentheses_at + 1..].to_vec(),
        probes,
        reader: None,
    }
}

/// Returns the type of the last parameter, which alone can read the body, if the policy bounds the body. Refuses a
/// function without parameters.
fn reader(function: &Function, clauses: &[Clause], sink: &mut Sink) -> Option<Probe> {
    let clause = clauses.iter().find(|clause| clause.attribute == Attribute::Body)?;
    let Some(last) = function.parameters.last() else {
        sink.push(body::unread(clause, function));
        return None;
    };
    // Under another configuration, another parameter may be the last one.
    let is_certain = !last.attributes.iter().any(Outer::is_cfg) && is_free(&last.ty, &function.generics);
    is_certain.then(|| Probe { ty: stream(&last.ty), cfgs: Vec::new() })
}

/// Returns the fewest and the most parameters that the function may have.
fn parameter_counts(parameters: &[Parameter]) -> RangeInclusive<usize> {
    let may_be_absent = |parameter: &&Parameter| parameter.attributes.iter().any(Outer::is_cfg);
    parameters.len() - parameters.iter().filter(may_be_absent).count()..=parameters.len()
}

/// Turns the function's `allow` or `expect` attribute into an `allow` attribute.
pub(crate) fn allowance(attribute: &Outer) -> Option<TokenStream> {
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
    function.parameters.iter().flat_map(|parameter| probes_of(parameter, &function.generics)).collect()
}

/// Returns the types to ask about a parameter: its type, or those in a tuple.
fn probes_of(parameter: &Parameter, generics: &[Generic]) -> Vec<Probe> {
    let cfgs: Vec<TokenStream> =
        parameter.attributes.iter().filter(|outer| outer.is_cfg()).map(ToTokens::to_token_stream).collect();
    let types = leaves(flat(stream(&parameter.ty))).into_iter();
    let nameable = types.filter_map(|ty| match is_free(&ty, generics) {
        true if !ty.is_empty() => Some(stream(&ty)),
        _ => caller_of(&ty, generics),
    });
    nameable.map(|ty| Probe { ty, cfgs: cfgs.clone() }).collect()
}

/// Returns the types in a tuple, at any depth, or the type itself.
fn leaves(ty: Vec<TokenTree>) -> Vec<Vec<TokenTree>> {
    match ty.as_slice() {
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => {
            split(group.stream()).into_iter().flat_map(leaves).collect()
        }
        _ => vec![ty],
    }
}

/// Returns `CurrentUser<()>` for `CurrentUser<U>`, where `U` is a parameter of the function, which has no meaning
/// outside. Our types take any parameter there.
fn caller_of(ty: &[TokenTree], generics: &[Generic]) -> Option<TokenStream> {
    const CALLERS: [&str; 2] = ["CurrentUser", "SuperUser"];
    let [path @ .., TokenTree::Punct(_), TokenTree::Ident(parameter), TokenTree::Punct(_)] = ty else { return None };
    let is_ours = matches!(path.last(), Some(TokenTree::Ident(name)) if CALLERS.iter().any(|caller| name == caller));
    if !is_ours || !is_one_of(parameter, generics) || !is_free(path, generics) {
        return None;
    }
    let (path, span) = (stream(path), ty.last()?.span());
    Some(quote_spanned!(span=> #path<()>))
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
                i: (Path<u8>, (Identity,)),
                j: guard::CurrentUser<T>,
                k: Other<T>,
            ) {
            }
        ));
        let expected = ["Identity", "Foo<'_>", "&'static str", "u8", "Path<u8>", "Identity", "guard::CurrentUser<()>"];
        assert_eq!(types, expected);
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
