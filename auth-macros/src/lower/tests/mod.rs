//! The mistakes and their texts, by topic. Code beside them that is not listed as a mistake must pass.

mod body;
mod csp;
mod csrf;
mod expressions;
mod foreign_limits;
mod habits;
mod issuers;
mod limits;
mod names;
mod options;
mod signatures;
mod stacking;

use proc_macro2::TokenStream;
use quote::quote;

use crate::harness::{assert_problems, policy_of, problems};

/// Returns a handler under these attributes.
fn under(attributes: &str) -> TokenStream {
    let attributes: TokenStream = attributes.parse().unwrap();
    quote!(#attributes async fn f() {})
}

#[track_caller]
fn refused(attributes: &str, code: &str, text: &str) {
    assert_problems(under(attributes), &[(code, text)]);
}

#[track_caller]
fn accepted(attributes: &str) -> String {
    assert_problems(under(attributes), &[]);
    policy_of(crate::harness::expand(under(attributes)))
}

/// Asserts that both orders of two attributes have the same mistake, with the code `code`.
#[track_caller]
fn refused_in_both_orders(one: &str, other: &str, code: &str) {
    for attributes in [format!("{one} {other}"), format!("{other} {one}")] {
        let texts = problems(under(&attributes));
        assert!(matches!(texts.as_slice(), [text] if text.contains(code)), "{attributes}: {texts:#?}");
    }
}
