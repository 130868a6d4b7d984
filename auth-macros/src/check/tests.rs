use proc_macro2::TokenStream;
use quote::quote;

use super::{attribute, lower};
use crate::diag::{Code, Sink};
use crate::snapshot::{assert_pinned, pretty};
use crate::syntax;

#[test]
fn a_check_is_a_function_and_a_type() {
    assert_pinned(
        "check/snapshots/owns_post.rs",
        attribute(
            quote!(),
            quote! {
                /// Documented.
                #[instrument]
                pub(crate) async fn owns_post(who: Identity, Path(id): Path<HashMap<u8, u8>>) -> Result<bool, Error>
                where
                    String: Clone,
                {
                    who.owns(id).await
                }
            },
        ),
    );
}

#[test]
fn with_a_mistake_the_function_stays_and_the_type_refuses() {
    assert_pinned(
        "check/snapshots/stand_in.rs",
        attribute(
            quote!(crate = renamed),
            quote!(
                fn owns_post() -> bool {
                    true
                }
            ),
        ),
    );
}

#[test]
fn every_mistake_has_its_code() {
    use Code::*;
    let cases = [
        (
            quote!(
                struct Post;
            ),
            vec![CheckNotAFunction],
        ),
        (quote!(impl Post { async fn f() -> bool { true } }), vec![CheckNotAFunction]),
        (quote!(), vec![CheckNotAFunction]),
        (
            quote!(
                async fn f() -> bool;
            ),
            vec![CheckNotAFunction],
        ),
        (
            quote!(
                fn f() -> bool {
                    true
                }
            ),
            vec![CheckNotAsync],
        ),
        (
            quote!(
                async unsafe fn f() -> bool {
                    true
                }
            ),
            vec![CheckQualifier],
        ),
        (
            quote!(
                async extern "C" fn f() -> bool {
                    true
                }
            ),
            vec![CheckQualifier],
        ),
        (
            quote!(
                async fn f(&self) -> bool {
                    true
                }
            ),
            vec![CheckReceiver],
        ),
        (
            quote!(
                async fn f(self: Box<Self>, a: A) -> bool {
                    true
                }
            ),
            vec![CheckReceiver],
        ),
        (
            quote!(
                async fn f<T>(a: T) -> bool {
                    true
                }
            ),
            vec![CheckGeneric],
        ),
        (
            quote!(
                async fn f<'a>() -> bool {
                    true
                }
            ),
            vec![CheckGeneric],
        ),
        (
            quote!(
                async fn f(a: impl Trait, b: Vec<(u8, impl Trait)>) -> bool {
                    true
                }
            ),
            vec![CheckGeneric, CheckGeneric],
        ),
        (
            quote!(
                async fn f() {}
            ),
            vec![CheckNoAnswer],
        ),
        (
            quote!(
                async fn f()
                where
                    u8: Copy,
                {
                }
            ),
            vec![CheckNoAnswer],
        ),
        (
            quote!(
                async fn f(#[cfg(x)] a: u8, #[cfg_attr(x, y)] b: u8) -> bool {
                    true
                }
            ),
            vec![CheckCfgArgument; 2],
        ),
        (
            quote!(
                async fn r#fn(_: auth::Guard<__fn_policy>) -> bool {
                    true
                }
            ),
            vec![CheckWithPolicy],
        ),
        (
            quote!(
                async fn f(a: u8, b: Option<std::primitive::u8>, c: Path<u8>, d: fn(u8) -> u8) -> bool {
                    true
                }
            ),
            vec![CheckPlainArgument; 2],
        ),
        (
            quote!(
                fn f<T>(self) {}
            ),
            vec![CheckNotAsync, CheckGeneric, CheckNoAnswer, CheckReceiver],
        ),
    ];
    for (item, codes) in cases {
        assert_eq!(problems(quote!(), &item), codes, "{item}");
    }
}

#[test]
fn correct_checks_are_accepted() {
    for item in [
        quote!(
            async fn f() -> bool {
                true
            }
        ),
        quote!(
            pub async fn r#fn(mut a: A, (b, c): (B, C), #[allow(unused)] D { d: e }: D<{ 1 + 1 }>) -> bool {
                true
            }
        ),
        quote!(
            pub(in crate::a) async fn f(a: fn(u8) -> Vec<u8>) -> impl Outcome
            where
                u8: Copy,
            {
                true
            }
        ),
    ] {
        assert_eq!(problems(quote!(), &item), [], "{item}");
        pretty(attribute(quote!(), item));
    }
}

#[test]
fn the_path_of_the_runtime_is_the_only_argument() {
    let item = quote!(
        async fn f() -> bool {
            true
        }
    );
    for arguments in [quote!(), quote!(crate = my::auth), quote!(crate = ::auth,)] {
        assert_eq!(problems(arguments, &item), []);
    }
    for arguments in [quote!(x), quote!("x"), quote!(crate), quote!(crate = "x"), quote!(crate = my::auth, x)] {
        assert_eq!(problems(arguments.clone(), &item), [Code::CheckArguments], "{arguments}");
    }
    let expansion = attribute(quote!(crate = my::auth), item).to_string();
    assert!(expansion.contains("my :: auth :: __private") && !expansion.contains(":: auth_runtime"), "{expansion}");
}

#[test]
fn policies_below_go_first() {
    let item = quote!(
        #[auth::protected]
        #[instrument]
        async fn f() -> bool {
            true
        }
    );
    let moved = attribute(quote!(crate = auth), item);
    let expected = quote!(
        #[auth::protected]
        #[auth::check(crate = auth)]
        #[instrument]
        async fn f() -> bool {
            true
        }
    );
    assert_eq!(moved.to_string(), expected.to_string());
}

fn problems(arguments: TokenStream, item: &TokenStream) -> Vec<Code> {
    let mut sink = Sink::default();
    lower::runtime(arguments, &mut sink);
    lower::check(&syntax::item(item.clone()), &mut sink);
    sink.codes()
}
