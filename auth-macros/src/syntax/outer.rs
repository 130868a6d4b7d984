use core::iter::Peekable;

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt};

use super::tokens::is_punct;

/// One outer attribute, `#[path …]`, as typed.
#[derive(Clone, Debug)]
pub(crate) struct Outer {
    pub(crate) pound: TokenTree,
    pub(crate) group: Group,
}

impl Outer {
    /// Returns the words of the attribute's path: `["tracing", "instrument"]`.
    pub(crate) fn path(&self) -> Vec<Ident> {
        let mut words = Vec::new();
        // An attribute that `macro_rules!` passed on is wrapped in an invisible group.
        for token in super::flat(self.group.stream()) {
            match token {
                TokenTree::Ident(word) => words.push(word),
                token if is_punct(&token, ':') => {}
                _ => break,
            }
        }
        words
    }

    /// Returns whether the attribute may remove the item below it.
    pub(crate) fn is_cfg(&self) -> bool {
        matches!(self.path().as_slice(), [name] if name == "cfg" || name == "cfg_attr")
    }

    /// Returns the same attribute with other contents between its brackets.
    pub(crate) fn with_contents(&self, contents: TokenStream) -> Self {
        let mut group = Group::new(Delimiter::Bracket, contents);
        group.set_span(self.group.span());
        Self { pound: self.pound.clone(), group }
    }
}

impl ToTokens for Outer {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append(self.pound.clone());
        tokens.append(self.group.clone());
    }
}

/// Splits the outer attributes off the front of an item. The rest stays unchanged.
pub(crate) fn take_outer(item: impl IntoIterator<Item = TokenTree>) -> (Vec<Outer>, Vec<TokenTree>) {
    let mut tokens = item.into_iter().peekable();
    let mut attributes = Vec::new();
    let mut rest = Vec::new();
    while let Some(pound) = tokens.next_if(|token| is_punct(token, '#')) {
        match next_brackets(&mut tokens) {
            Some(group) => attributes.push(Outer { pound, group }),
            None => {
                rest.push(pound);
                break;
            }
        }
    }
    rest.extend(tokens);
    (attributes, rest)
}

fn next_brackets(tokens: &mut Peekable<impl Iterator<Item = TokenTree>>) -> Option<Group> {
    match tokens.next_if(|token| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket)) {
        Some(TokenTree::Group(group)) => Some(group),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn attributes_come_off_and_the_rest_stays() {
        let (attributes, rest) = take_outer(quote!(
            #[doc = "x"]
            #[tracing::instrument(skip(a))]
            async fn f() {}
        ));
        let paths: Vec<String> = attributes
            .iter()
            .map(|attribute| attribute.path().iter().map(ToString::to_string).collect::<Vec<_>>().join("::"))
            .collect();
        assert_eq!(paths, ["doc", "tracing::instrument"]);
        assert_eq!(
            super::super::stream(&rest).to_string(),
            quote!(
                async fn f() {}
            )
            .to_string()
        );
    }

    #[test]
    fn a_passed_on_attribute_has_its_path() {
        let passed = TokenTree::Group(Group::new(Delimiter::None, quote!(require_role("a"))));
        let (attributes, _) = take_outer(quote!(#[#passed] fn f() {}));
        assert_eq!(attributes[0].path()[0], "require_role");
    }
}
