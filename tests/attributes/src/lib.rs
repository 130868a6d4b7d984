//! Attributes as another crate might have them by mistake: each loses a part of the function below it.

use proc_macro::{Delimiter, Group, TokenStream, TokenTree};

/// Drops the attributes of the function.
#[proc_macro_attribute]
pub fn drops_attributes(_: TokenStream, item: TokenStream) -> TokenStream {
    let is_pound = |token: &TokenTree| matches!(token, TokenTree::Punct(pound) if pound.as_char() == '#');
    let mut tokens = item.into_iter().peekable();
    while tokens.next_if(is_pound).is_some() {
        let _brackets = tokens.next();
    }
    tokens.collect()
}

/// Drops the first argument of the function.
#[proc_macro_attribute]
pub fn drops_first_argument(_: TokenStream, item: TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = item.into_iter().collect();
    let is_list = |token: &&mut TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis);
    if let Some(TokenTree::Group(arguments)) = tokens.iter_mut().find(is_list) {
        let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(comma) if comma.as_char() == ',');
        let others = arguments.stream().into_iter().skip_while(|token| !is_comma(token)).skip(1);
        *arguments = Group::new(Delimiter::Parenthesis, others.collect());
    }
    tokens.into_iter().collect()
}
