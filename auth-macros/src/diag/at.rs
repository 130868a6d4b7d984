use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// Returns the call `function(arguments)` with spans by which the compiler points at `place`. The first token of the
/// call has the span where `place` begins, and the last token the span where it ends. Names resolve as in the rest of
/// an expansion.
pub(crate) fn at(place: &TokenStream, function: TokenStream, arguments: TokenStream) -> TokenStream {
    let span = |token: Option<TokenTree>| token.map_or_else(Span::call_site, |token| token.span());
    let (start, end) = (span(place.clone().into_iter().next()), span(place.clone().into_iter().last()));
    let mut call: TokenStream = function.into_iter().map(|token| placed(token, start)).collect();
    let mut list = Group::new(Delimiter::Parenthesis, arguments);
    list.set_span(end);
    list.to_tokens(&mut call);
    call
}

/// Returns a panic at `place`, for constants. The compiler prints the text.
pub(crate) fn panic_at(place: &TokenStream, text: &str) -> TokenStream {
    // As an argument, the text has the same meaning in all editions. Alone, it would be a format string since 2021.
    at(place, quote!(::core::panic!), quote!("{}", #text))
}

fn placed(mut token: TokenTree, span: Span) -> TokenTree {
    token.set_span(span);
    token
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_panic_is_no_format_string() {
        let panic = panic_at(&quote!(place), "of `{admin}`").to_string();
        assert_eq!(panic, quote!(::core::panic!("{}", "of `{admin}`")).to_string());
    }
}
