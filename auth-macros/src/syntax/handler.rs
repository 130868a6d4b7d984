use proc_macro2::{Delimiter, Group, Ident, Spacing, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt};

use super::generics::{Generic, generics};
use super::tokens::{Angles, is_punct, is_word};
use super::{Outer, split, stream, take_outer};

/// The item under the attributes.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) attributes: Vec<Outer>,
    /// Everything after the attributes.
    pub(crate) tokens: Vec<TokenTree>,
}

impl ToTokens for Item {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all(&self.attributes);
        tokens.append_all(&self.tokens);
    }
}

/// A function's signature. The body stays one unread token.
#[derive(Clone, Debug)]
pub(crate) struct Function {
    pub(crate) visibility: TokenStream,
    /// The tokens before `fn`: `async`, `unsafe`, `extern "C"`.
    pub(crate) qualifiers: Vec<TokenTree>,
    pub(crate) keyword: Ident,
    /// The index of `fn` among the item's tokens.
    pub(crate) keyword_at: usize,
    pub(crate) name: Ident,
    /// The type and constant parameters.
    pub(crate) generics: Vec<Generic>,
    /// The parameters in their parentheses, followed by their index among the item's tokens.
    pub(crate) parentheses: Group,
    pub(crate) parentheses_at: usize,
    pub(crate) parameters: Vec<Parameter>,
    /// The tokens between the parameters and the body: the return type and the bounds.
    pub(crate) tail: Vec<TokenTree>,
    pub(crate) has_body: bool,
}

/// One parameter of a function.
#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    pub(crate) attributes: Vec<Outer>,
    pub(crate) pattern: Vec<TokenTree>,
    /// The type's tokens, empty for `self` and `&self`.
    pub(crate) ty: Vec<TokenTree>,
}

impl Function {
    /// Returns the qualifier with this name, if the function has it.
    pub(crate) fn qualifier(&self, name: &str) -> Option<&TokenTree> {
        self.qualifiers.iter().find(|token| is_word(token, name))
    }
}

impl Parameter {
    pub(crate) fn is_receiver(&self) -> bool {
        self.pattern.last().is_some_and(|token| is_word(token, "self"))
    }
}

pub(crate) fn item(tokens: TokenStream) -> Item {
    let (attributes, tokens) = take_outer(tokens);
    Item { attributes, tokens }
}

impl Item {
    /// Returns the item as a function, or `None` if it is another item.
    pub(crate) fn function(&self) -> Option<Function> {
        let tokens = self.tokens.as_slice();
        let qualifiers_at = visibility_length(tokens);
        let keyword_at = qualifiers_at + tokens.get(qualifiers_at..)?.iter().position(|token| !is_qualifier(token))?;
        let [TokenTree::Ident(keyword), TokenTree::Ident(name), ..] = tokens.get(keyword_at..)? else { return None };
        if keyword != "fn" {
            return None;
        }
        let generics_at = keyword_at + 2;
        let (parentheses_at, parentheses) = parameter_list(tokens, generics_at)?;
        Some(Function {
            visibility: stream(&tokens[..qualifiers_at]),
            qualifiers: tokens[qualifiers_at..keyword_at].to_vec(),
            keyword: keyword.clone(),
            keyword_at,
            name: name.clone(),
            generics: generics(&tokens[generics_at..parentheses_at]),
            parameters: split(parentheses.stream()).into_iter().map(parameter).collect(),
            parentheses,
            parentheses_at,
            tail: tokens[parentheses_at + 1..].split_last().map(|(_, tail)| tail.to_vec()).unwrap_or_default(),
            has_body: tokens.last().is_some_and(|token| !is_punct(token, ';')),
        })
    }

    /// Returns the first word after the visibility: `struct`, `impl`, …
    pub(crate) fn first_word(&self) -> Option<&Ident> {
        match self.tokens.get(visibility_length(&self.tokens)) {
            Some(TokenTree::Ident(word)) => Some(word),
            _ => None,
        }
    }
}

fn visibility_length(tokens: &[TokenTree]) -> usize {
    match tokens {
        [TokenTree::Ident(word), TokenTree::Group(group), ..]
            if word == "pub" && group.delimiter() == Delimiter::Parenthesis =>
        {
            2
        }
        [TokenTree::Ident(word), ..] if word == "pub" => 1,
        // `macro_rules!` turns `$vis` into this group.
        [TokenTree::Group(group), ..] if group.delimiter() == Delimiter::None => 1,
        _ => 0,
    }
}

fn is_qualifier(token: &TokenTree) -> bool {
    const QUALIFIERS: [&str; 7] = ["const", "async", "gen", "unsafe", "safe", "extern", "default"];
    match token {
        TokenTree::Ident(word) => QUALIFIERS.contains(&word.to_string().as_str()),
        TokenTree::Literal(_) => true,
        _ => false,
    }
}

fn parameter_list(tokens: &[TokenTree], from: usize) -> Option<(usize, Group)> {
    let mut angles = Angles::default();
    for (at, token) in tokens.iter().enumerate().skip(from) {
        angles.step(token);
        match token {
            TokenTree::Group(group) if angles.depth == 0 => {
                return (group.delimiter() == Delimiter::Parenthesis).then(|| (at, group.clone()));
            }
            _ => {}
        }
    }
    None
}

fn parameter(tokens: Vec<TokenTree>) -> Parameter {
    let (attributes, tokens) = take_outer(tokens);
    let colon = (0..tokens.len()).find(|at| is_single_colon(&tokens, *at)).unwrap_or(tokens.len());
    let ty = tokens.get(colon + 1..).unwrap_or_default().to_vec();
    Parameter { attributes, pattern: tokens[..colon].to_vec(), ty }
}

/// Returns whether the token is the `:` before a type, not half of a `::`. A pattern contains no other single colon.
fn is_single_colon(tokens: &[TokenTree], at: usize) -> bool {
    let colon = |at: usize| match tokens.get(at) {
        Some(TokenTree::Punct(punct)) if punct.as_char() == ':' => Some(punct.spacing()),
        _ => None,
    };
    let follows_half = at.checked_sub(1).and_then(colon) == Some(Spacing::Joint);
    colon(at) == Some(Spacing::Alone) && !follows_half
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;
    use crate::syntax::spelled;

    fn function(tokens: TokenStream) -> Function {
        item(tokens).function().unwrap()
    }

    #[test]
    fn a_signature_is_taken_apart() {
        let read = function(quote!(
            #[doc = "x"]
            pub(crate) async fn publish<'a, T: Into<Vec<u8>>, const N: [u8; 2], #[cfg(x)] U>(
                #[cfg(all())] Path(id): Path<u64>,
                a::B::<u8>(x): ::a::B<u8, T>,
                f: impl Fn(u8) -> Vec<u8>,
            ) -> Result<(), E>
            where
                T: Send,
            {
                body
            }
        ));
        assert_eq!(read.visibility.to_string(), quote!(pub(crate)).to_string());
        assert_eq!(read.name, "publish");
        let generics = read.generics.iter().map(|generic| {
            let constant = generic.constant.as_deref().map(|ty| spelled(stream(ty)));
            (generic.name.to_string(), constant, generic.has_cfg)
        });
        let expected = [("T", None, false), ("N", Some("[u8;2]"), false), ("U", None, true)];
        assert_eq!(
            generics.collect::<Vec<_>>(),
            expected.map(|(name, constant, cfg)| (name.to_owned(), constant.map(str::to_owned), cfg))
        );
        let types: Vec<String> = read.parameters.iter().map(|parameter| spelled(stream(&parameter.ty))).collect();
        assert_eq!(types, ["Path<u64>", "::a::B<u8, T>", "impl Fn(u8)->Vec<u8>"]);
        assert_eq!(read.parameters[0].attributes.len(), 1);
        assert!(read.has_body && read.qualifiers.len() == 1);
    }

    #[test]
    fn receivers_are_seen_in_every_spelling() {
        for receiver in [quote!(self), quote!(&self), quote!(&'a mut self), quote!(mut self), quote!(self: Box<Self>)] {
            assert!(function(quote!(async fn f(#receiver, a: u8) {})).parameters[0].is_receiver(), "{receiver}");
        }
        assert!(
            !function(quote!(
                async fn f(me: Me) {}
            ))
            .parameters[0]
                .is_receiver()
        );
    }

    #[test]
    fn raw_names_declarations_and_passed_on_visibility() {
        assert_eq!(
            function(quote!(
                async fn r#match() {}
            ))
            .name,
            "r#match"
        );
        assert!(
            !function(quote!(
                async fn f();
            ))
            .has_body
        );
        let visibility = TokenTree::Group(Group::new(Delimiter::None, quote!(pub)));
        assert_eq!(function(quote!(#visibility async fn f() {})).name, "f");
    }

    #[test]
    fn other_items_are_no_functions() {
        for other in [
            quote!(
                struct A;
            ),
            quote!(impl A { fn f() {} }),
            quote!(
                const F: fn() = f;
            ),
            quote!(),
            quote!(fn),
            quote!(pub),
        ] {
            assert!(item(other.clone()).function().is_none(), "{other}");
        }
        assert_eq!(
            item(quote!(
                pub struct A;
            ))
            .first_word()
            .unwrap(),
            "struct"
        );
    }
}
