use proc_macro2::{Delimiter, Group, Ident, Spacing, TokenStream, TokenTree};
use quote::ToTokens;

use super::stream;
use super::tokens::{is_punct, is_word};

/// A boolean expression over predicates.
#[derive(Clone, Debug)]
pub(crate) struct Expression {
    /// The tokens of the expression, to point at.
    pub(crate) tokens: TokenStream,
    pub(crate) node: Node,
}

#[derive(Clone, Debug)]
pub(crate) enum Node {
    /// `role("admin")`, `authenticated`
    Predicate {
        name: Ident,
        arguments: Option<Group>,
    },
    Not(Box<Expression>),
    All(Vec<Expression>),
    Any(Vec<Expression>),
    /// Tokens that a [`Mistake`] describes.
    Unreadable,
}

/// A place where the tokens do not form an expression.
#[derive(Clone, Debug)]
pub(crate) enum Mistake {
    /// `&` in place of `&&`.
    Operator { at: TokenStream, meant: &'static str },
    /// A comparison such as `==` after a predicate.
    Comparison { at: TokenStream, left: TokenStream, right: TokenStream },
    /// A missing predicate, located by the token before the gap.
    Gap { after: TokenStream },
    /// Two predicates without an operator between them, located by the first token of the second one.
    NoOperator { at: TokenStream },
    /// Other tokens in the place of a predicate: a string, a path, a number.
    NoPredicate { at: TokenStream },
}

/// The result of reading: the expression, and the mistakes in it.
#[derive(Debug)]
pub(crate) struct Reading {
    /// `None` if the user wrote no tokens at all.
    pub(crate) tree: Option<Expression>,
    pub(crate) mistakes: Vec<Mistake>,
}

/// Reads an expression. `parts` are its tokens between commas; a correct expression has no commas.
pub(crate) fn expression(parts: &[TokenStream]) -> Reading {
    let mut mistakes = Vec::new();
    let mut trees = Vec::new();
    for part in parts {
        if !trees.is_empty() {
            let first = part.clone().into_iter().next();
            mistakes.push(Mistake::NoOperator { at: first.into_token_stream() });
        }
        trees.push(read_all(part.clone(), TokenStream::new(), &mut mistakes));
    }
    Reading { tree: joined(trees, Node::All), mistakes }
}

fn read_all(tokens: TokenStream, before: TokenStream, mistakes: &mut Vec<Mistake>) -> Expression {
    let mut reader = Reader { tokens: tokens.into_iter().collect(), at: 0, before, mistakes };
    reader.any()
}

/// Joins several operands. A single operand is returned unchanged.
fn joined(mut operands: Vec<Expression>, join: fn(Vec<Expression>) -> Node) -> Option<Expression> {
    if operands.len() < 2 {
        return operands.pop();
    }
    let tokens = operands.iter().flat_map(|operand| operand.tokens.clone()).collect();
    Some(Expression { tokens, node: join(operands) })
}

struct Reader<'a> {
    tokens: Vec<TokenTree>,
    at: usize,
    /// The token before the first one: an opening parenthesis, for instance.
    before: TokenStream,
    mistakes: &'a mut Vec<Mistake>,
}

impl Reader<'_> {
    /// Reads `a || b`.
    fn any(&mut self) -> Expression {
        self.chain('|', "or", "||", Self::all, Node::Any)
    }

    /// Reads `a && b`, which binds more tightly.
    fn all(&mut self) -> Expression {
        self.chain('&', "and", "&&", Self::operand, Node::All)
    }

    fn chain(
        &mut self,
        sign: char,
        word: &str,
        meant: &'static str,
        next: fn(&mut Self) -> Expression,
        join: fn(Vec<Expression>) -> Node,
    ) -> Expression {
        let start = self.at;
        let first = next(self);
        let mut rest = Vec::new();
        while self.takes_operator(sign, word, meant) {
            rest.push(next(self));
        }
        if rest.is_empty() {
            return first;
        }
        rest.insert(0, first);
        self.since(start, join(rest))
    }

    fn takes_operator(&mut self, sign: char, word: &str, meant: &'static str) -> bool {
        let Some(token) = self.tokens.get(self.at).cloned() else { return false };
        if !is_punct(&token, sign) && !is_word(&token, word) {
            return false;
        }
        let is_double = is_joint(&token) && self.tokens.get(self.at + 1).is_some_and(|next| is_punct(next, sign));
        self.at += if is_double { 2 } else { 1 };
        if !is_double {
            self.mistakes.push(Mistake::Operator { at: token.into_token_stream(), meant });
        }
        true
    }

    /// Reads `!a`, `(a)` or a predicate, and all tokens between it and the next operator.
    fn operand(&mut self) -> Expression {
        let start = self.at;
        let operand = self.negated_or_plain();
        let left = operand.tokens.clone();
        let is_compared = self.skip_to_operator(left);
        if self.at > start && !is_compared { operand } else { self.since(start, Node::Unreadable) }
    }

    fn negated_or_plain(&mut self) -> Expression {
        let start = self.at;
        match self.tokens.get(self.at..).unwrap_or_default() {
            [not, ..] if is_punct(not, '!') => {
                self.at += 1;
                self.negated(start)
            }
            [not, TokenTree::Group(_) | TokenTree::Ident(_), ..] if is_word(not, "not") => {
                self.mistakes.push(Mistake::Operator { at: not.into_token_stream(), meant: "!" });
                self.at += 1;
                self.negated(start)
            }
            _ => self.plain(),
        }
    }

    fn negated(&mut self, start: usize) -> Expression {
        let inner = self.negated_or_plain();
        self.since(start, Node::Not(Box::new(inner)))
    }

    fn plain(&mut self) -> Expression {
        let start = self.at;
        let node = match self.tokens.get(self.at..).unwrap_or_default() {
            // The invisible group around a fragment of `macro_rules!` groups like parentheses.
            [TokenTree::Group(group), ..] if is_grouping(group) => {
                let group = group.clone();
                self.at += 1;
                read_all(group.stream(), group.to_token_stream(), self.mistakes).node
            }
            [TokenTree::Ident(_), colon, ..] if is_punct(colon, ':') => self.no_predicate(),
            [TokenTree::Ident(name), TokenTree::Group(group), ..] if group.delimiter() == Delimiter::Parenthesis => {
                let node = Node::Predicate { name: name.clone(), arguments: Some(group.clone()) };
                self.at += 2;
                node
            }
            [TokenTree::Ident(name), ..] if !self.is_operator(self.at) => {
                let node = Node::Predicate { name: name.clone(), arguments: None };
                self.at += 1;
                node
            }
            [_, ..] if !self.is_operator(self.at) => self.no_predicate(),
            _ => self.gap(),
        };
        self.since(start, node)
    }

    fn no_predicate(&mut self) -> Node {
        let start = self.at;
        self.at += 1;
        while self.at < self.tokens.len() && !self.is_operator(self.at) {
            self.at += 1;
        }
        self.mistakes.push(Mistake::NoPredicate { at: stream(&self.tokens[start..self.at]) });
        Node::Unreadable
    }

    fn gap(&mut self) -> Node {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        let after = match (before, self.tokens.get(self.at)) {
            (Some(token), _) => token.to_token_stream(),
            (None, Some(token)) => token.to_token_stream(),
            (None, None) => self.before.clone(),
        };
        self.mistakes.push(Mistake::Gap { after });
        Node::Unreadable
    }

    /// Skips the tokens before the next operator. Returns whether they compare `left` with a value.
    fn skip_to_operator(&mut self, left: TokenStream) -> bool {
        let start = self.at;
        while self.at < self.tokens.len() && !self.is_operator(self.at) {
            self.at += 1;
        }
        let skipped = &self.tokens[start..self.at];
        let signs = skipped.iter().take_while(|token| matches!(token, TokenTree::Punct(_))).count();
        let Some(first) = skipped.first() else { return false };
        let is_compared = is_comparison(first, skipped.get(1));
        self.mistakes.push(if is_compared {
            Mistake::Comparison { at: stream(&skipped[..signs]), left, right: stream(&skipped[signs..]) }
        } else {
            Mistake::NoOperator { at: first.to_token_stream() }
        });
        is_compared
    }

    fn is_operator(&self, at: usize) -> bool {
        let is = |token: &TokenTree| {
            is_punct(token, '&') || is_punct(token, '|') || is_word(token, "and") || is_word(token, "or")
        };
        self.tokens.get(at).is_some_and(is)
    }

    fn since(&self, start: usize, node: Node) -> Expression {
        Expression { tokens: stream(&self.tokens[start..self.at]), node }
    }
}

fn is_grouping(group: &Group) -> bool {
    matches!(group.delimiter(), Delimiter::Parenthesis | Delimiter::None)
}

fn is_joint(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.spacing() == Spacing::Joint)
}

fn is_comparison(first: &TokenTree, second: Option<&TokenTree>) -> bool {
    let unequal = is_punct(first, '!') && second.is_some_and(|second| is_punct(second, '='));
    unequal || ['=', '<', '>'].iter().any(|sign| is_punct(first, *sign))
}

#[cfg(test)]
mod tests;
