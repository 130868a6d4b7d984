//! Mistakes and their texts, by topic; what is not listed as a mistake beside them must pass.

mod csrf;
mod expressions;
mod limits;
mod names;
mod options;
mod signatures;
mod stacking;

use proc_macro2::TokenStream;
use quote::quote;

use crate::harness::{assert_problems, policy_of, problems};

/// A handler under these attributes.
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

/// Both orders of two attributes have the same mistake, named by `code`.
#[track_caller]
fn refused_in_both_orders(one: &str, other: &str, code: &str) {
    for attributes in [format!("{one} {other}"), format!("{other} {one}")] {
        let texts = problems(under(&attributes));
        assert!(matches!(texts.as_slice(), [text] if text.contains(code)), "{attributes}: {texts:#?}");
    }
}
