use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};

/// Splits tokens at commas, except at commas inside `<…>`. A comma at the end does not start another part. A part
/// without tokens holds the commas around it, so that messages can point at it.
pub(crate) fn split(tokens: impl IntoIterator<Item = TokenTree>) -> Vec<Vec<TokenTree>> {
    let mut parts = Vec::new();
    let mut part = Vec::new();
    let mut angles = Angles::default();
    let mut comma = None;
    for token in tokens {
        angles.step(&token);
        if angles.depth == 0 && is_punct(&token, ',') {
            if part.is_empty() {
                part.extend(comma.take().into_iter().chain([token.clone()]));
            }
            parts.push(core::mem::take(&mut part));
            comma = Some(token);
        } else {
            part.push(token);
        }
    }
    if !part.is_empty() {
        parts.push(part);
    }
    parts
}

/// Returns the tokens without the invisible groups that `macro_rules!` puts around its fragments.
///
/// Use it only where grouping does not matter. In an expression `$a && $b` the groups act as parentheses around `$a`.
pub(crate) fn flat(tokens: TokenStream) -> Vec<TokenTree> {
    let mut all = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => all.extend(flat(group.stream())),
            token => all.push(token),
        }
    }
    all
}

/// Returns whether one of the tokens is this word, also in an invisible group.
pub(crate) fn has_word(tokens: &[TokenTree], word: &str) -> bool {
    tokens.iter().any(|token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            has_word(&group.stream().into_iter().collect::<Vec<_>>(), word)
        }
        token => is_word(token, word),
    })
}

pub(crate) fn stream(tokens: &[TokenTree]) -> TokenStream {
    tokens.iter().cloned().collect()
}

/// Returns whether the tokens are a path to a value: `Role::Admin`, `crate::keys::tenant`, `<App as Roles>::ADMIN`.
pub(crate) fn is_path(tokens: &[TokenTree]) -> bool {
    let starts = match tokens.first() {
        Some(TokenTree::Ident(_)) => true,
        Some(token) => is_punct(token, ':') || is_punct(token, '<'),
        None => false,
    };
    starts && syn::parse2::<syn::ExprPath>(stream(tokens)).is_ok()
}

/// Returns the tokens in one line, with spaces only between adjacent words, after commas and around operators.
pub(crate) fn spelled(tokens: TokenStream) -> String {
    let mut text = String::new();
    let mut is_joint = false;
    for token in flat(tokens) {
        let piece = match &token {
            TokenTree::Group(group) => spelled_group(group),
            token => token.to_string(),
        };
        if joins(&text, &token) {
            text.push(' ');
        }
        if meets_word(text.chars().last()) && meets_word(piece.chars().next())
            || text.ends_with(" in") && piece.starts_with('[')
            || follows_operator(&text) && !is_joint
        {
            text.push(' ');
        }
        text.push_str(&piece);
        is_joint = matches!(&token, TokenTree::Punct(sign) if sign.spacing() == Spacing::Joint);
    }
    text
}

fn spelled_group(group: &Group) -> String {
    let inner = spelled(group.stream());
    match group.delimiter() {
        Delimiter::Parenthesis => format!("({inner})"),
        Delimiter::Bracket => format!("[{inner}]"),
        Delimiter::Brace => format!("{{{inner}}}"),
        Delimiter::None => inner,
    }
}

/// Returns whether the token begins an operator like `&&` or `==` behind an operand, and not a type like `&&str`.
fn joins(text: &str, token: &TokenTree) -> bool {
    let TokenTree::Punct(sign) = token else { return false };
    let is_doubled = sign.spacing() == Spacing::Joint;
    let ends_operand = |last: char| last.is_alphanumeric() || matches!(last, '_' | '"' | ')' | ']');
    let is_operator = sign.as_char() == '=' || is_doubled && matches!(sign.as_char(), '&' | '|' | '!');
    is_operator && text.ends_with(ends_operand)
}

fn follows_operator(text: &str) -> bool {
    [" &&", " ||", " ==", " !=", " =", ","].iter().any(|operator| text.ends_with(operator))
}

fn meets_word(char: Option<char>) -> bool {
    char.is_some_and(|char| char.is_alphanumeric() || char == '_' || char == '"')
}

pub(crate) fn is_punct(token: &TokenTree, char: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == char)
}

pub(crate) fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}

/// Counts the depth of `<…>` around the next token. The `>` of `->` and `=>` closes no bracket.
#[derive(Default)]
pub(super) struct Angles {
    pub(super) depth: usize,
    after_arrow_stem: bool,
}

impl Angles {
    pub(super) fn step(&mut self, token: &TokenTree) {
        let TokenTree::Punct(punct) = token else {
            self.after_arrow_stem = false;
            return;
        };
        match punct.as_char() {
            '<' => self.depth += 1,
            '>' if !self.after_arrow_stem => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.after_arrow_stem = matches!(punct.as_char(), '-' | '=') && punct.spacing() == Spacing::Joint;
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn commas_split_but_not_in_angles() {
        let parts = split(quote!(a, B::<C, D>::e, fn() -> Vec<u8>, f(x, y),));
        let texts: Vec<String> = parts.iter().map(|part| spelled(stream(part))).collect();
        assert_eq!(texts, ["a", "B::<C, D>::e", "fn()->Vec<u8>", "f(x, y)"]);
        assert!(split(quote!()).is_empty());
        assert_eq!(split(quote!(,)).len(), 1);
        let parts = split(quote!(, a,, b));
        let texts: Vec<String> = parts.iter().map(|part| spelled(stream(part))).collect();
        assert_eq!(texts, [",", "a", ", ,", "b"]);
    }

    #[test]
    fn operators_stand_between_spaces() {
        assert_eq!(spelled(quote!(a && !b || c("x" && d))), "a && !b || c(\"x\" && d)");
        assert_eq!(spelled(quote!(a != "b" && c == d)), "a != \"b\" && c == d");
        assert_eq!(spelled(quote!(a = 1)), "a = 1");
        assert_eq!(spelled(quote!(a in ["b"])), "a in [\"b\"]");
        assert_eq!(spelled(quote!(Foo<&&str>)), "Foo<&&str>");
    }

    #[test]
    fn invisible_groups_dissolve() {
        let inner = TokenTree::Group(Group::new(Delimiter::None, quote!(b c)));
        let outer = TokenTree::Group(Group::new(Delimiter::None, quote!(a #inner)));
        assert_eq!(flat(quote!(#outer d)).len(), 4);
    }

    #[test]
    fn paths_are_told_from_other_tokens() {
        for path in [quote!(Admin), quote!(Role::Admin), quote!(::a::b), quote!(<A as B>::C), quote!(a::<u8>::B)] {
            assert!(is_path(&flat(path.clone())), "{path}");
        }
        for other in [quote!(), quote!(a b), quote!(a:b), quote!("a"), quote!(a()), quote!(5), quote!(a,)] {
            assert!(!is_path(&flat(other.clone())), "{other}");
        }
    }
}
