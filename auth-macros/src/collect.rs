//! Each attribute passes on its clause, and the last attribute finishes the handler.
//!
//! - An attribute moves the attributes that may be from this crate to the front, in their order. Right behind them it
//!   puts one hidden marker attribute, to which each attribute adds its clause.
//! - The last attribute of this crate takes the clauses out of the marker and finishes the handler. The compiler
//!   therefore reads the handler once for each attribute, and not once more.
//! - The marker finishes the handler when the attribute before it turns out to be from another crate. The compiler
//!   resolves every attribute. The name of an attribute affects only its place.
//! - Where no attribute declares access, and other attributes stand below, the marker waits behind them. One of them
//!   may be an attribute of this crate under another name, and then the mistake is that name.
//! - Attributes of other crates that stand between or below see the finished handler.
//!
//! `cfg` and `cfg_attr` need no care: the compiler resolves them before any attribute macro sees the item.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt, quote};

use crate::attribute::Attribute;
use crate::driver::{finish, is_waiting, unseen};
use crate::marker::marker;
use crate::syntax::{Item, Outer, item as item_of, runtime_of};

/// Returns the item with the clause `attribute(arguments)` in its marker, or the finished item when no attribute of
/// this crate is left.
pub(crate) fn collect(attribute: Attribute, arguments: TokenStream, item: TokenStream) -> TokenStream {
    let Item { attributes, tokens } = item_of(item);
    let user = tokens.first().map_or_else(Span::call_site, TokenTree::span);
    let runtime = runtime_of(arguments.clone());
    add(clause(attribute, arguments, user), runtime, Item { attributes, tokens })
}

/// Returns the item with one more clause, which names the path of the runtime crate or not.
pub(crate) fn add(clause: TokenStream, runtime: Option<TokenStream>, item: Item) -> TokenStream {
    let Item { mut attributes, tokens } = item;
    let place = attributes.iter().position(is_marker);
    if !attributes.iter().any(may_be_ours) {
        let before = place.map(|place| clauses_of(&attributes.remove(place)));
        let item = Item { attributes, tokens };
        return match before {
            None => finish(clause, item),
            Some(before) if is_waiting(&before) => unseen(clause, &item),
            Some(before) => finish(quote!(#before, #clause), item),
        };
    }
    match place {
        Some(place) => attributes[place] = extended(&attributes[place], clause, runtime),
        None => {
            attributes.sort_by_key(|attribute| !may_be_ours(attribute));
            attributes.insert(place_for_marker(&attributes), marker(clause, runtime));
        }
    }
    let mut all = TokenStream::new();
    all.append_all(attributes);
    all.append_all(tokens);
    all
}

/// Builds the clause of an attribute. The attribute's own name is not among its tokens, so the clause's name represents
/// the whole attribute in messages. Its span counts as user code like the token at `user`, so that messages do not
/// mention macros.
fn clause(attribute: Attribute, arguments: TokenStream, user: Span) -> TokenStream {
    let name = whole(attribute.name(), user);
    if is_assigned(&arguments) { quote!(#name = #arguments) } else { quote!(#name(#arguments)) }
}

/// Returns the name of the attribute that the compiler expands now. It represents the whole attribute.
pub(crate) fn whole(name: &str, user: Span) -> Ident {
    Ident::new(name, user.located_at(Span::call_site()))
}

/// Returns whether the arguments stand behind `=`. The compiler reports that, too, and hands over only the value, so
/// the text of the attribute tells.
fn is_assigned(arguments: &TokenStream) -> bool {
    let is_one_value = arguments.clone().into_iter().nth(1).is_none() && !arguments.is_empty();
    let text = is_one_value.then(|| Span::call_site().source_text()).flatten().unwrap_or_default();
    let path_and_rest = text.trim_start_matches(['#', '[', ' ', '\n']);
    let rest =
        path_and_rest.trim_start_matches(|char: char| char.is_alphanumeric() || matches!(char, '_' | ':' | '#' | ' '));
    rest.starts_with('=')
}

/// Returns the marker with one more clause; `runtime` replaces the path before `__private`.
fn extended(marker: &Outer, clause: TokenStream, runtime: Option<TokenStream>) -> Outer {
    let mut path: Vec<TokenTree> = marker.group.stream().into_iter().collect();
    let _ = path.pop();
    let path = match runtime {
        Some(runtime) => quote!(#runtime::__private::policy),
        None => path.into_iter().collect(),
    };
    let clauses = clauses_of(marker);
    marker.with_contents(quote!(#path(#clauses, #clause)))
}

/// Returns the tokens between the marker's parentheses.
fn clauses_of(marker: &Outer) -> TokenStream {
    match marker.group.stream().into_iter().last() {
        Some(TokenTree::Group(group)) => group.stream(),
        other => other.into_token_stream(),
    }
}

fn is_marker(attribute: &Outer) -> bool {
    matches!(attribute.path().as_slice(), [.., parent, name] if parent == "__private" && name == "policy")
}

fn place_for_marker(attributes: &[Outer]) -> usize {
    attributes.iter().rposition(may_be_ours).map_or(0, |last| last + 1)
}

fn may_be_ours(attribute: &Outer) -> bool {
    attribute.path().last().is_some_and(|name| Attribute::from_name(name).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax;

    fn collected(attribute: Attribute, arguments: TokenStream, item: TokenStream) -> String {
        collect(attribute, arguments, item).to_string()
    }

    #[test]
    fn the_first_attribute_gathers_ours_and_puts_the_marker_behind_them() {
        let item = quote!(
            #[doc = "x"]
            #[auth::rate_limit(1/min)]
            #[instrument]
            async fn f() {}
        );
        let expected = quote!(
            #[auth::rate_limit(1/min)]
            #[::auth_runtime::__private::policy(protected())]
            #[doc = "x"]
            #[instrument]
            async fn f() {}
        );
        assert_eq!(collected(Attribute::Protected, quote!(), item), expected.to_string());
    }

    #[test]
    fn a_marker_that_is_there_is_added_to() {
        let item = quote!(
            #[rate_limit(1/min)]
            #[::auth_runtime::__private::policy(protected())]
            async fn f() {}
        );
        let expected = quote!(
            #[rate_limit(1/min)]
            #[::auth_runtime::__private::policy(protected(), require_role(Role::Admin))]
            async fn f() {}
        );
        assert_eq!(collected(Attribute::RequireRole, quote!(Role::Admin), item), expected.to_string());
    }

    #[test]
    fn the_last_attribute_finishes_without_the_marker() {
        let item = quote!(
            #[::auth_runtime::__private::policy(require_role("a"))]
            #[instrument]
            async fn f() {}
        );
        let expected = finish(
            quote!(require_role("a"), rate_limit(1 / min)),
            syntax::item(quote!(
                #[instrument]
                async fn f() {}
            )),
        );
        assert_eq!(collected(Attribute::RateLimit, quote!(1 / min), item), expected.to_string());
        assert!(expected.to_string().starts_with("# [instrument] async fn f (_ :"), "{expected}");
    }

    #[test]
    fn any_attribute_names_the_runtime() {
        let item = quote!(
            #[require_role("a")]
            #[::auth_runtime::__private::policy(protected())]
            async fn f() {}
        );
        let expected = quote!(
            #[require_role("a")]
            #[my::rt::__private::policy(protected(), rate_limit(1/min, crate = my::rt))]
            async fn f() {}
        );
        let renamed = collect(Attribute::RateLimit, quote!(1 / min, crate = my::rt), item);
        assert_eq!(renamed.to_string(), expected.to_string());
    }
}
