use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use proptest::collection::vec;
use proptest::prelude::*;
use quote::quote;

use crate::harness::{errors, expand, is_guarded, policy_of};

/// Attributes that may be combined in any number and order.
///
/// The shared limits say what they count, so the rule always has a check.
const STACKABLE: &[&str] = &[
    "protected",
    "protected(via(session, api_key), fresh = 5 min)",
    "require_role(Role::Admin, \"root\")",
    "require_scope(\"a\", \"b\")",
    "rate_limit(10/min)",
    "rate_limit(5/min, by = ip, burst = 20)",
    "rate_limit(100/hour, by = keys::tenant, shadow, counts = before_checks)",
    "rate_limit(7/2 days, by = header(\"X\"), name = \"shared\", on_outage = allow, counts = after_checks)",
    "rate_limit(9/2 days, counts = before_checks, by = header(\"X\"))",
    "csp(img_src(self, \"https://images.example.com\"), script_src(nonce))",
    "csrf_exempt(because = \"signed by the provider\")",
    "body(max = \"2 MiB\", within = 10 s)",
];

fn handler(attributes: &[&str]) -> TokenStream {
    let attributes = attributes.iter().map(|attribute| attribute.parse::<TokenStream>().unwrap());
    quote!(#(#[#attributes])* async fn f(a: u8) {})
}

const CHECKED: &str = "authorize(role(\"x\") || check(owns))";

/// Generates a subset in one order, and the same subset in another order.
fn two_orders() -> impl Strategy<Value = (Vec<&'static str>, Vec<&'static str>)> {
    // The subset has only one `protected`, because a second one is a mistake.
    let subset = proptest::sample::subsequence(&STACKABLE[1..], 1..STACKABLE.len());
    let subset = subset.prop_map(|subset| [&[CHECKED], subset.as_slice()].concat());
    subset.prop_flat_map(|subset| (Just(subset.clone()).prop_shuffle(), Just(subset).prop_shuffle()))
}

const WORDS: &[&str] = &[
    "role",
    "scope",
    "check",
    "authenticated",
    "crate",
    "via",
    "bearer",
    "fresh",
    "by",
    "user",
    "burst",
    "cost",
    "name",
    "shadow",
    "min",
    "hour",
    "Self",
    "Role",
    "because",
    "max",
    "within",
    "MiB",
    "not",
    "and",
    "header",
    "path",
    "on_outage",
    "counts",
    "before_checks",
    "deny",
    "async",
    "fn",
    "img_src",
    "sandbox",
    "none",
    "nonce",
];
const SIGNS: &[char] = &['&', '|', '!', '=', ',', '/', ':', '<', '>', '-', '.', '#', ';'];
const DELIMITERS: &[Delimiter] = &[Delimiter::Parenthesis, Delimiter::Bracket, Delimiter::Brace, Delimiter::None];

fn leaf() -> impl Strategy<Value = TokenTree> {
    let spacing = prop_oneof![Just(Spacing::Joint), Just(Spacing::Alone)];
    prop_oneof![
        4 => proptest::sample::select(WORDS).prop_map(|word| Ident::new(word, Span::call_site()).into()),
        3 => (proptest::sample::select(SIGNS), spacing).prop_map(|(sign, spacing)| Punct::new(sign, spacing).into()),
        1 => "[a-z :\\\\\"]{0,6}".prop_map(|text| Literal::string(&text).into()),
        1 => any::<u64>().prop_map(|number| Literal::u64_unsuffixed(number).into()),
        1 => (0..9u8).prop_map(|number| format!("{number}min").parse::<Literal>().unwrap().into()),
        1 => Just(Literal::f64_unsuffixed(1.5).into()),
    ]
}

fn token() -> impl Strategy<Value = TokenTree> {
    leaf().prop_recursive(3, 24, 6, |inner| {
        let group = |(delimiter, tokens): (Delimiter, Vec<TokenTree>)| {
            Group::new(delimiter, tokens.into_iter().collect()).into()
        };
        (proptest::sample::select(DELIMITERS), vec(inner, 0..6)).prop_map(group)
    })
}

fn soup() -> impl Strategy<Value = TokenStream> {
    vec(token(), 0..10).prop_map(|tokens| tokens.into_iter().collect())
}

proptest! {
    #[test]
    fn the_order_of_attributes_means_nothing((one, other) in two_orders()) {
        let (one, other) = (expand(handler(&one)), expand(handler(&other)));
        prop_assert_eq!(errors(one.clone()).len(), errors(other.clone()).len());
        prop_assert_eq!(policy_of(one), policy_of(other));
    }

    /// Any arguments expand to a guard, an error or both. They never expand to an open handler, and never cause a
    /// panic.
    #[test]
    fn nothing_expands_to_an_open_handler(
        name in proptest::sample::select(vec!["public", "protected", "require_role", "require_scope", "authorize", "rate_limit", "csp", "csrf_exempt", "body"]),
        arguments in soup(),
        others in vec(proptest::sample::select(STACKABLE), 0..3),
    ) {
        let name = Ident::new(name, Span::call_site());
        let others = others.iter().map(|other| other.parse::<TokenStream>().unwrap());
        let expansion = expand(quote!(#(#[#others])* #[#name(#arguments)] async fn f(a: u8) {}));
        prop_assert!(is_guarded(expansion.clone()), "{}", expansion);
    }

    /// The same holds for any item under the attribute.
    #[test]
    fn no_item_passes_without_guard_or_error(item in soup()) {
        let expansion = expand(quote!(#[protected] #item));
        prop_assert!(!errors(expansion.clone()).is_empty() || is_guarded(expansion.clone()), "{}", expansion);
    }
}

#[test]
fn every_stackable_attribute_is_accepted_beside_the_others() {
    let expansion = expand(handler(&[&[CHECKED], &STACKABLE[1..]].concat()));
    assert!(errors(expansion.clone()).is_empty(), "{:?}", errors(expansion));
}
