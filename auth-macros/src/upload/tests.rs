use proc_macro2::TokenStream;
use quote::quote;

use super::{derive, types::TYPES, written};
use crate::diag::{Code, Sink};
use crate::snapshot::assert_pinned;

#[test]
fn a_policy_is_written_out() {
    let item = quote! {
        #[upload(max = "5 MiB", types("image/png", "application/zip"), max_files = 3, max_pixels = 1_000_000)]
        #[upload(max_entries = 10, max_unpacked = 2 MB)]
        struct Photos;
    };
    assert_pinned("upload/snapshots/photos.rs", derive(item));
}

#[test]
fn the_runtime_can_be_elsewhere() {
    let item = quote!(
        #[upload(max = "1 MB", types("image/png"), crate = my::auth)]
        struct Photos;
    );
    let expansion = derive(item).to_string();
    assert!(expansion.contains("my :: auth :: upload :: UploadPolicy"), "{expansion}");
    assert!(!expansion.contains("auth_runtime"), "{expansion}");
}

#[test]
fn every_type_is_listed_once() {
    for (at, (name, ..)) in TYPES.iter().enumerate() {
        assert!(TYPES[..at].iter().all(|(other, ..)| other != name), "{name}");
    }
}

#[test]
fn every_mistake_has_its_code() {
    use Code::{
        NumberTooLarge, UnknownSizeUnit, UploadMissing, UploadNoEffect, UploadOption, UploadShape, UploadType,
        UploadZero,
    };

    #[rustfmt::skip]
    let cases: [(TokenStream, &[Code]); 30] = [
        (quote!(max = "1 MB", types("image/png")), &[]),
        (quote!(max = 1 MB, types("image/png"),), &[]),
        (quote!(max = "1 MB"), &[UploadMissing]),
        (quote!(types("image/png")), &[UploadMissing]),
        (quote!(), &[UploadMissing]),
        (quote!(max = "0 MB", types("image/png")), &[UploadZero]),
        (quote!(max = "1 MB", types("image/png"), max_files = 0), &[UploadZero]),
        (quote!(max = "1 MB", types("image/png"), max_pixels = 0), &[UploadZero]),
        (quote!(max = "1 XB", types("image/png")), &[UnknownSizeUnit]),
        (quote!(max = 1000, types("image/png")), &[UploadOption]),
        (quote!(max = "big", types("image/png")), &[UploadOption]),
        (quote!(max, types("image/png")), &[UploadOption]),
        (quote!(max("1 MB"), types("image/png")), &[UploadOption]),
        (quote!(max = "99999999999999999999 MB", types("image/png")), &[NumberTooLarge]),
        (quote!(max = "1 MB", types("image/png"), max_files = 4294967296), &[NumberTooLarge]),
        (quote!(max = "1 MB", types("image/png"), max_files = "3"), &[UploadOption]),
        (quote!(max = "1 MB", types("image/png"), max_files = -3), &[UploadOption]),
        (quote!(max = "1 MB", max = "2 MB", types("image/png")), &[UploadOption]),
        (quote!(max = "1 MB", types("image/png"), max_width = 3), &[UploadOption]),
        (quote!(max = "1 MB", types("image/png"), "x"), &[UploadOption]),
        (quote!(max = "1 MB", types = "image/png"), &[UploadOption]),
        (quote!(max = "1 MB", types()), &[UploadType]),
        (quote!(max = "1 MB", types("image/*")), &[UploadType]),
        (quote!(max = "1 MB", types("png")), &[UploadType]),
        (quote!(max = "1 MB", types("IMAGE/PNG")), &[UploadType]),
        (quote!(max = "1 MB", types(Png)), &[UploadType]),
        (quote!(max = "1 MB", types("image/png", "image/png")), &[UploadType]),
        (quote!(max = "1 MB", types("text/csv"), max_pixels = 9), &[UploadNoEffect]),
        (quote!(max = "1 MB", types("image/png"), max_unpacked = "1 MB", max_entries = 3), &[UploadNoEffect, UploadNoEffect]),
        (quote!(max = "1 MB", types("image/png"), crate = "x"), &[UploadOption]),
    ];
    let mut items: Vec<_> = cases
        .iter()
        .map(|(options, codes)| {
            (
                quote!(
                    #[upload(#options)]
                    struct Photos;
                ),
                *codes,
            )
        })
        .collect();
    items.push((
        quote!(
            #[upload]
            struct Photos;
        ),
        &[UploadOption],
    ));
    items.push((
        quote!(
            struct Photos;
        ),
        &[UploadMissing],
    ));
    items.push((
        quote!(
            #[upload(max = "1 MB", types("image/png"))]
            struct Photos<T>(T);
        ),
        &[UploadShape],
    ));
    for (item, codes) in items {
        let mut sink = Sink::default();
        written::read(&syn::parse2(item.clone()).unwrap(), &mut sink);
        assert_eq!(sink.codes(), codes, "{item}: {:?}", sink.texts());
    }
}

#[test]
fn a_misspelled_type_is_told_and_another_type_is_not() {
    for (written, meant) in [
        ("iamge/png", Some("image/png")),
        ("image/jpgg", Some("image/jpeg")),
        ("application/pfd", Some("application/pdf")),
        ("image/jpg", Some("image/jpeg")),
        ("application/msword", None),
        ("application/xml", None),
        ("image/bmp", None),
        ("image/", None),
    ] {
        let mut sink = Sink::default();
        let item = quote!(
            #[upload(max = "1 MB", types(#written))]
            struct Photos;
        );
        written::read(&syn::parse2(item).unwrap(), &mut sink);
        let texts = sink.texts().concat();
        assert_eq!(texts.contains("did you mean"), meant.is_some(), "{written}: {texts}");
        assert!(texts.contains(meant.unwrap_or_default()), "{written}: {texts}");
    }
}

/// A mistake must not open anything: the implementation that stands in takes no type.
#[test]
fn a_policy_with_mistakes_takes_no_file() {
    let item = quote!(
        #[upload(max = "1 MB", types("image/png"), max_files = 0)]
        struct Photos;
    );
    let expansion = derive(item).to_string();
    assert!(expansion.contains("compile_error") && expansion.contains("& []"), "{expansion}");
}
