use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt, quote};
use syn::{Lit, LitStr};

use super::tokens::{is_path, is_punct, stream};

/// One comma-separated part of an attribute's arguments, classified by its form.
#[derive(Clone)]
pub(crate) enum Argument {
    /// `"orders:write"`
    Text(LitStr),
    /// `shadow`
    Word(Ident),
    /// `Role::Admin`
    Path(TokenStream),
    /// `burst = 3`
    Set { name: Ident, equals: TokenTree, value: Vec<TokenTree> },
    /// `via(bearer)`
    Call { name: Ident, arguments: Group },
    /// Any other tokens: `10/min`.
    Other(Vec<TokenTree>),
}

impl Argument {
    pub(crate) fn read(part: Vec<TokenTree>) -> Self {
        match part.as_slice() {
            [TokenTree::Ident(word)] => return Self::Word(word.clone()),
            [TokenTree::Literal(literal)] => {
                if let Lit::Str(text) = Lit::new(literal.clone()) {
                    return Self::Text(text);
                }
            }
            [TokenTree::Ident(name), TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => {
                return Self::Call { name: name.clone(), arguments: group.clone() };
            }
            [TokenTree::Ident(name), equals, value @ ..] if is_punct(equals, '=') => {
                return Self::Set { name: name.clone(), equals: equals.clone(), value: value.to_vec() };
            }
            tokens if is_path(tokens) => return Self::Path(stream(tokens)),
            _ => {}
        }
        Self::Other(part)
    }
}

impl ToTokens for Argument {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Text(text) => text.to_tokens(tokens),
            Self::Word(word) => word.to_tokens(tokens),
            Self::Path(path) => path.to_tokens(tokens),
            Self::Set { name, equals, value } => {
                tokens.extend(quote!(#name #equals));
                tokens.append_all(value);
            }
            Self::Call { name, arguments } => tokens.extend(quote!(#name #arguments)),
            Self::Other(other) => tokens.append_all(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::flat;

    fn read(tokens: TokenStream) -> Argument {
        Argument::read(flat(tokens))
    }

    #[test]
    fn every_form_is_told_apart() {
        assert!(matches!(read(quote!("a")), Argument::Text(text) if text.value() == "a"));
        assert!(matches!(read(quote!(shadow)), Argument::Word(word) if word == "shadow"));
        assert!(matches!(read(quote!(Role::Admin)), Argument::Path(_)));
        assert!(matches!(read(quote!(burst = 3)), Argument::Set { value, .. } if value.len() == 1));
        assert!(matches!(read(quote!(via(bearer))), Argument::Call { name, .. } if name == "via"));
        for other in [quote!(10 / min), quote!(b"bytes"), quote!(5), quote!(a b), quote!(a[0])] {
            assert!(matches!(read(other.clone()), Argument::Other(_)), "{other}");
        }
    }

    #[test]
    fn an_argument_gives_its_tokens_back() {
        for tokens in
            [quote!("a"), quote!(shadow), quote!(a::b), quote!(burst = 3), quote!(via(bearer)), quote!(10 / min)]
        {
            assert_eq!(read(tokens.clone()).to_token_stream().to_string(), tokens.to_string());
        }
    }
}
