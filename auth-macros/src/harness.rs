//! Expands attributes like the compiler, one at a time and from the top, but without a compiler.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::LitStr;

use crate::attribute::Attribute;
use crate::collect::collect;
use crate::driver::finish;
use crate::syntax::{flat, stream, take_outer};

/// Returns the item with the attributes of this crate expanded. Attributes of other crates stay.
pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let (attributes, rest) = take_outer(item);
    for (at, outer) in attributes.iter().enumerate() {
        let path = outer.path();
        let Some(name) = path.last() else { continue };
        let contents = flat(outer.group.stream());
        let arguments = match contents.last() {
            Some(TokenTree::Group(group)) => group.stream(),
            _ => TokenStream::new(),
        };
        let (before, after) = (&attributes[..at], &attributes[at + 1..]);
        let rest = stream(&rest);
        let item = quote!(#(#before)* #(#after)* #rest);
        if name == "policy" {
            return finish(arguments, crate::syntax::item(item));
        }
        if let Some(attribute) = Attribute::from_name(name) {
            return expand(collect(attribute, arguments, item));
        }
    }
    let rest = stream(&rest);
    quote!(#(#attributes)* #rest)
}

/// Returns the texts of the compile errors in an expansion.
pub(crate) fn errors(expansion: TokenStream) -> Vec<String> {
    let tokens: Vec<TokenTree> = expansion.into_iter().collect();
    let mut texts = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match (token, tokens.get(at + 2)) {
            (TokenTree::Ident(name), Some(TokenTree::Group(group))) if name == "compile_error" => {
                texts.push(syn::parse2::<LitStr>(group.stream()).unwrap().value());
            }
            _ => {}
        }
    }
    texts
}

/// Returns the texts of the mistakes in the item.
pub(crate) fn problems(item: TokenStream) -> Vec<String> {
    errors(expand(item))
}

/// Asserts that exactly these mistakes are reported, in order, by code and part of the text.
#[track_caller]
pub(crate) fn assert_problems(item: TokenStream, expected: &[(&str, &str)]) {
    let texts = problems(item.clone());
    let fits = |(text, (code, part)): (&String, &(&str, &str))| text.contains(code) && text.contains(part);
    let all = texts.len() == expected.len() && texts.iter().zip(expected).all(fits);
    assert!(all, "{item}\nexpected {expected:#?}\nfound {texts:#?}");
}

/// Returns the value of the policy constant as text.
pub(crate) fn policy_of(expansion: TokenStream) -> String {
    let text = expansion.to_string();
    let after = text.split("const POLICY").nth(1).expect("a policy");
    after.split("type Checks").next().expect("a policy").to_owned()
}

/// Returns whether the function in the expansion takes the guard.
pub(crate) fn is_guarded(expansion: TokenStream) -> bool {
    let text = expansion.to_string();
    let has_policy = text.contains(":: Guard < __") && text.contains(":: HasPolicy for __");
    has_policy || text.contains(":: __private :: Refused >")
}
