use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::harness::{assert_problems, expand, is_guarded};

#[track_caller]
fn refused(item: TokenStream, code: &str, text: &str) {
    assert_problems(quote!(#[protected] #item), &[(code, text)]);
}

#[test]
fn only_functions_are_handlers() {
    refused(
        quote!(
            struct A;
        ),
        "AUTH001",
        "`#[protected]` stands on a `struct`",
    );
    refused(
        quote!(
            pub(crate) const F: fn() = f;
        ),
        "AUTH001",
        "stands on a `const`",
    );
    refused(quote!(impl A { async fn f() {} }), "AUTH001", "stands on a whole `impl`");
    refused(
        quote!(
            mod a {}
        ),
        "AUTH001",
        "stands on a whole `mod`",
    );
    refused(quote!(), "AUTH001", "stands on no function");
}

#[test]
fn handlers_are_async() {
    refused(
        quote!(
            fn sync() {}
        ),
        "AUTH002",
        "help: write `async fn`",
    );
    refused(
        quote!(
            pub const fn f() {}
        ),
        "AUTH002",
        "write `async fn`",
    );
    refused(
        quote!(
            fn f() -> impl Future<Output = ()> {
                async {}
            }
        ),
        "AUTH002",
        "not `async`",
    );
}

#[test]
fn handlers_have_no_self() {
    refused(
        quote!(
            async fn f(&self) {}
        ),
        "AUTH003",
        "`State<..>`",
    );
    refused(
        quote!(
            async fn f(self: Arc<Self>) {}
        ),
        "AUTH003",
        "`self`",
    );
    refused(
        quote!(
            async fn f(x: State<Self>) {}
        ),
        "AUTH007",
        "inside an `impl` block",
    );
    refused(
        quote!(
            async fn f() -> Result<(), Self> {}
        ),
        "AUTH007",
        "inside an `impl` block",
    );
}

#[test]
fn handlers_are_plain_functions() {
    refused(
        quote!(
            async unsafe fn f() {}
        ),
        "AUTH006",
        "cannot be `unsafe`",
    );
    refused(
        quote!(
            async extern "C" fn f() {}
        ),
        "AUTH006",
        "cannot be `extern \"C\"`",
    );
    refused(
        quote!(
            async fn f();
        ),
        "AUTH005",
        "`f` has no body",
    );
}

#[test]
fn the_guard_is_one_of_sixteen_arguments() {
    let handler = |count: usize, last: TokenStream| {
        let names = (0..count).map(|at| format_ident!("a{at}"));
        quote!(async fn f(#(#names: A,)* #last) {})
    };
    refused(handler(16, quote!()), "AUTH004", "16 arguments are too many");
    refused(handler(40, quote!()), "AUTH004", "40 arguments are too many");
    for fitting in [handler(15, quote!()), handler(15, quote!(#[cfg(x)] b: B))] {
        assert_problems(quote!(#[protected] #fitting), &[]);
    }
}

#[test]
fn clippy_does_not_count_the_guard() {
    let allowed = |item: TokenStream| expand(quote!(#[protected] #item)).to_string().contains("too_many_arguments");
    assert!(allowed(quote!(
        async fn f(a: A, b: A, c: A, d: A, e: A, f: A, g: A) {}
    )));
    assert!(!allowed(quote!(
        async fn f(a: A) {}
    )));
    // Six or seven, and seven or eight.
    assert!(allowed(quote!(
        async fn f(a: A, b: A, c: A, d: A, e: A, f: A, #[cfg(x)] g: A) {}
    )));
    assert!(allowed(quote!(
        async fn f(#[cfg(x)] a: A, b: A, c: A, d: A, e: A, f: A, g: A, h: A) {}
    )));
    assert!(!allowed(quote!(
        async fn f(a: A, b: A, c: A, d: A, e: A, #[cfg(x)] f: A) {}
    )));
}

#[test]
fn other_parts_of_a_function_stay() {
    for item in [
        quote!(
            pub(in crate::a) async fn f<'a, T: Tr<u8>, const N: usize>(
                x: &'a [T; N],
                mut y: impl Tr,
            ) -> impl Tr + use<'a>
            where
                T: Send,
            {
            }
        ),
        quote!(
            #[doc = "x"]
            #[instrument(skip_all)]
            async fn f((a, b): (A, B), [c, ..]: [C; 3], D { e, .. }: D) {}
        ),
        quote!(
            async fn f(x: fn(u8) -> Vec<u8>, y: <A as B>::C) -> ! {
                loop {}
            }
        ),
    ] {
        let expansion = expand(quote!(#[protected] #item));
        assert_problems(quote!(#[protected] #item), &[]);
        assert!(is_guarded(expansion), "{item}");
    }
}
