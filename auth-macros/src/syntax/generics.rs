use proc_macro2::{Ident, TokenTree};

use super::tokens::is_punct;
use super::{Outer, split, stream, take_outer};

/// A type or constant parameter of a function, `T: Bound` or `const N: usize`.
#[derive(Clone, Debug)]
pub(crate) struct Generic {
    pub(crate) name: Ident,
    /// The type of a constant; `None` for a type.
    pub(crate) constant: Option<Vec<TokenTree>>,
    /// Whether a `cfg` may take it away.
    pub(crate) has_cfg: bool,
}

/// Returns the parameters in `<'a, T: Bound, const N: usize>`, without the lifetimes.
pub(super) fn generics(tokens: &[TokenTree]) -> Vec<Generic> {
    match tokens {
        [_, inner @ .., _] => split(inner.iter().cloned()).into_iter().filter_map(generic).collect(),
        _ => Vec::new(),
    }
}

fn generic(part: Vec<TokenTree>) -> Option<Generic> {
    let (attributes, part) = take_outer(stream(&part));
    let has_cfg = attributes.iter().any(Outer::is_cfg);
    match part.as_slice() {
        [TokenTree::Ident(word), TokenTree::Ident(name), colon, ty @ ..] if word == "const" && is_punct(colon, ':') => {
            let end = ty.iter().position(|token| is_punct(token, '=')).unwrap_or(ty.len());
            Some(Generic { name: name.clone(), constant: Some(ty[..end].to_vec()), has_cfg })
        }
        [TokenTree::Ident(name), ..] => Some(Generic { name: name.clone(), constant: None, has_cfg }),
        _ => None,
    }
}
