use proc_macro2::TokenStream;
use quote::quote;

use super::{derive, written};
use crate::diag::{Code, Sink};
use crate::snapshot::assert_pinned;

#[test]
fn issuers_are_written_out() {
    let item = quote! {
        pub(crate) enum Trusted {
            Corporate,
            r#Self_,
        }
    };
    assert_pinned("issuer/snapshots/issuers.rs", derive(item));
}

#[test]
fn the_runtime_can_be_elsewhere() {
    let expansion = derive(quote!(
        #[issuer(crate = my::auth)]
        enum Trusted {
            Corporate,
        }
    ))
    .to_string();
    assert!(expansion.contains("my :: auth :: policy :: TrustedIssuer"), "{expansion}");
    assert!(!expansion.contains("auth_runtime"), "{expansion}");
}

#[test]
fn every_mistake_has_its_code() {
    use Code::{IssuerOption, IssuerShape};

    #[rustfmt::skip]
    let cases: [(TokenStream, &[Code]); 11] = [
        (quote!(struct Trusted;), &[IssuerShape]),
        (quote!(union Trusted { a: u8 }), &[IssuerShape]),
        (quote!(enum Trusted {}), &[IssuerShape]),
        (quote!(enum Trusted<T> { A }), &[IssuerShape]),
        (quote!(enum Trusted { A(u8), B { id: u8 }, C }), &[IssuerShape, IssuerShape]),
        (quote!(enum Trusted { #[issuer(url = "x")] A }), &[IssuerOption]),
        (quote!(#[issuer] enum Trusted { A }), &[IssuerOption]),
        (quote!(#[issuer()] enum Trusted { A }), &[IssuerOption]),
        (quote!(#[issuer(crate = "x")] enum Trusted { A }), &[IssuerOption]),
        (quote!(#[issuer(url = "x")] enum Trusted { A }), &[IssuerOption]),
        (quote!(#[issuer(crate = x)] #[issuer(crate = x)] enum Trusted { A }), &[IssuerOption]),
    ];
    for (item, codes) in cases {
        let mut sink = Sink::default();
        written::read(&syn::parse2(item.clone()).unwrap(), &mut sink);
        assert_eq!(sink.codes(), codes, "{item}");
    }
}

#[test]
fn an_enum_with_mistakes_keeps_its_interface() {
    for item in [
        quote!(
            enum Trusted {
                A(u8),
            }
        ),
        quote!(
            enum Trusted {}
        ),
        quote!(
            struct Trusted;
        ),
    ] {
        let expansion = derive(item.clone()).to_string();
        assert!(expansion.contains("compile_error"), "{item}");
        assert!(expansion.contains("const fn issuer_name") && expansion.contains("TrustedIssuer for"), "{item}");
    }
}
