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
    /// A comparison like `role == "admin"`, located by all of its tokens.
    Comparison { at: TokenStream },
    /// A missing predicate, located by the token before the gap.
    Gap { after: TokenStream },
    /// Two predicates without an operator between them.
    NoOperator { left: TokenStream, right: TokenStream },
    /// Several conditions with commas between them.
    Commas { parts: Vec<TokenStream> },
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
    if parts.len() > 1 {
        mistakes.push(Mistake::Commas { parts: parts.to_vec() });
    }
    for part in parts {
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
        if !is_punct(&token, sign) && !is_operator_word(&token, word) {
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
        let (start, known) = (self.at, self.mistakes.len());
        if self.is_closure() {
            self.at = self.tokens.len();
            self.mistakes.push(Mistake::NoPredicate { at: stream(&self.tokens[start..]) });
            return self.since(start, Node::Unreadable);
        }
        let operand = self.negated_or_plain();
        let end = self.at;
        while self.at < self.tokens.len() && !self.is_operator(self.at) {
            self.at += 1;
        }
        if self.at == end {
            return if end > start { operand } else { self.since(start, Node::Unreadable) };
        }
        // One mistake covers all of these tokens.
        self.mistakes.truncate(known);
        let (left, right) = (&self.tokens[start..end], &self.tokens[end..self.at]);
        self.mistakes.push(match right {
            [first, rest @ ..] if is_comparison(first, rest.first()) => {
                Mistake::Comparison { at: stream(&self.tokens[start..self.at]) }
            }
            [TokenTree::Ident(_) | TokenTree::Group(_), ..] => {
                Mistake::NoOperator { left: stream(left), right: stream(right) }
            }
            [not, ..] if is_punct(not, '!') => Mistake::NoOperator { left: stream(left), right: stream(right) },
            _ => Mistake::NoPredicate { at: stream(&self.tokens[start..self.at]) },
        });
        self.since(start, Node::Unreadable)
    }

    /// Returns whether a closure like `|user| user.is_admin()` begins here.
    fn is_closure(&self) -> bool {
        let rest = match self.tokens.get(self.at..).unwrap_or_default() {
            [word, rest @ ..] if is_word(word, "move") => rest,
            rest => rest,
        };
        match rest {
            [bar, TokenTree::Ident(_), rest @ ..] => {
                is_punct(bar, '|') && rest.iter().any(|token| is_punct(token, '|'))
            }
            _ => false,
        }
    }

    fn negated_or_plain(&mut self) -> Expression {
        let start = self.at;
        match self.tokens.get(self.at..).unwrap_or_default() {
            [not, ..] if is_punct(not, '!') => {
                self.at += 1;
                self.negated(start)
            }
            [not, TokenTree::Group(_) | TokenTree::Ident(_), ..] if is_negation(not) => {
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

    fn is_operator(&self, at: usize) -> bool {
        let is = |token: &TokenTree| {
            is_punct(token, '&')
                || is_punct(token, '|')
                || is_operator_word(token, "and")
                || is_operator_word(token, "or")
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
    let not_in = is_word(first, "not") && second.is_some_and(|second| is_word(second, "in"));
    let is_word_for_it = ["in", "is"].iter().any(|word| is_word(first, word));
    unequal || not_in || is_word_for_it || ['=', '<', '>'].iter().any(|sign| is_punct(first, *sign))
}

/// Returns whether the token is the word, as people write it in other languages: `and`, `AND`.
fn is_operator_word(token: &TokenTree, word: &str) -> bool {
    is_word(token, word) || is_word(token, &word.to_uppercase())
}

fn is_negation(token: &TokenTree) -> bool {
    ["not", "NOT", "unless", "except", "without"].iter().any(|word| is_word(token, word))
}

#[cfg(test)]
mod tests;
